// SPDX-License-Identifier: Apache-2.0
// softmax, portable, row by row: the largest value, the sum of exponentials relative to it, then each exponential times
// the sum's reciprocal. Rules: docs/semantics.md, "softmax".
#ifndef WHIT_OPS_SOFTMAX_KERNEL_HPP
#define WHIT_OPS_SOFTMAX_KERNEL_HPP

#include "device/core/fixed_point.hpp"
#include "device/core/float_math.hpp"

namespace whit {

#define WHIT_SOFTMAX_INT8_FIELDS(FIELD)       \
  FIELD(int32_t, rows) FIELD(int32_t, depth)  \
  FIELD(int32_t, multiplier) FIELD(int16_t, shift) FIELD(int16_t, least_difference)
WHIT_PARAMETERS(SoftmaxInt8Parameters, WHIT_SOFTMAX_INT8_FIELDS)

#define WHIT_SOFTMAX_FLOAT_FIELDS(FIELD) FIELD(int32_t, rows) FIELD(int32_t, depth) FIELD(float, beta)
WHIT_PARAMETERS(SoftmaxFloatParameters, WHIT_SOFTMAX_FLOAT_FIELDS)

enum { softmax_input_fraction_bits = 26, softmax_sum_integer_bits = 12, softmax_output_bits = 8 };

template <typename Element>
WHIT_INLINE Element largest_of(const Element *values, ptrdiff_t count) {
  Element largest = values[0];
  for (ptrdiff_t i = 1; i < count; ++i)
    if (values[i] > largest) largest = values[i];
  return largest;
}

// e^difference in Q0.31; 0 where it is too far below the largest.
WHIT_INLINE int32_t softmax_exp(const SoftmaxInt8Parameters &p, int16_t difference) {
  if (difference < p.least_difference) return 0;
  const int32_t shifted = static_cast<int32_t>(static_cast<uint32_t>(static_cast<int32_t>(difference)) << p.shift);
  return exp_on_negative_values(doubling_high_multiply(shifted, p.multiplier), softmax_input_fraction_bits);
}

WHIT_INLINE int32_t softmax_sum(const SoftmaxInt8Parameters &p, const int8_t *row, ptrdiff_t depth, int8_t largest) {
  int32_t sum = 0;
  for (ptrdiff_t i = 0; i < depth; ++i)
    sum += divide_by_power_of_two(softmax_exp(p, static_cast<int16_t>(row[i] - largest)), softmax_sum_integer_bits);
  return sum;
}

// One output: the exponential's share of the sum in 1/256. A sum of 512 or more leaves less than half of that.
WHIT_INLINE int8_t softmax_output(Reciprocal sum, int32_t exponential) {
  const int8_t exponent = static_cast<int8_t>(sum.exponent + 31 - softmax_output_bits);
  if (exponent > 31) return -128;
  const int32_t share = divide_by_power_of_two(doubling_high_multiply(sum.reciprocal, exponential), exponent);
  return static_cast<int8_t>(clamp(share - 128, -128, 127));
}

WHIT_KERNEL void softmax_int8(const SoftmaxInt8Parameters *parameters, const int8_t *input, int8_t *output) {
  WHIT_LOAD_PARAMETERS(SoftmaxInt8Parameters, p, parameters);
  const ptrdiff_t depth = p.depth;
  for (int32_t row = 0; row < p.rows; ++row, input += depth) {
    const int8_t largest = largest_of(input, depth);
    const Reciprocal sum = reciprocal_of(softmax_sum(p, input, depth, largest), softmax_sum_integer_bits);
    for (ptrdiff_t i = 0; i < depth; ++i)
      *output++ = softmax_output(sum, softmax_exp(p, static_cast<int16_t>(input[i] - largest)));
  }
}

WHIT_KERNEL void softmax_float(const SoftmaxFloatParameters *parameters, const float *input, float *output) {
  WHIT_LOAD_PARAMETERS(SoftmaxFloatParameters, p, parameters);
  const ptrdiff_t depth = p.depth;
  for (int32_t row = 0; row < p.rows; ++row, input += depth, output += depth) {
    const float largest = largest_of(input, depth);
    float sum = 0.0F;
    for (ptrdiff_t i = 0; i < depth; ++i) {
      output[i] = exp_float((input[i] - largest) * p.beta);
      sum += output[i];
    }
    for (ptrdiff_t i = 0; i < depth; ++i) output[i] = output[i] / sum;
  }
}

}  // namespace whit

#endif
