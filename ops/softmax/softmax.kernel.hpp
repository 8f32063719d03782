// SPDX-License-Identifier: Apache-2.0
// softmax, portable, row by row: the largest value, the sum of exponentials relative to it, then each exponential times
// the sum's reciprocal. Rules: docs/semantics.md, "softmax".
#ifndef WHIT_OPS_SOFTMAX_KERNEL_HPP
#define WHIT_OPS_SOFTMAX_KERNEL_HPP

#include "device/core/fixed_log.hpp"
#include "device/core/float_math.hpp"
#include "device/core/softmax.hpp"

namespace whit {

#define WHIT_SOFTMAX_INT8_FIELDS(FIELD)       \
  FIELD(int32_t, rows) FIELD(int32_t, depth)  \
  FIELD(int32_t, multiplier) FIELD(int16_t, shift) FIELD(int16_t, least_difference)
WHIT_PARAMETERS(SoftmaxInt8Parameters, WHIT_SOFTMAX_INT8_FIELDS)

#define WHIT_LOG_SOFTMAX_INT8_FIELDS(FIELD) \
  WHIT_SOFTMAX_INT8_FIELDS(FIELD) FIELD(int32_t, inverse_multiplier) FIELD(int16_t, inverse_shift)
WHIT_PARAMETERS(LogSoftmaxInt8Parameters, WHIT_LOG_SOFTMAX_INT8_FIELDS)

#define WHIT_SOFTMAX_FLOAT_FIELDS(FIELD) FIELD(int32_t, rows) FIELD(int32_t, depth) FIELD(float, beta)
WHIT_PARAMETERS(SoftmaxFloatParameters, WHIT_SOFTMAX_FLOAT_FIELDS)

// A difference of stored values in Q5.26.
template <typename Parameters>
WHIT_INLINE int32_t softmax_argument(const Parameters &p, int16_t difference) {
  const int32_t shifted = static_cast<int32_t>(static_cast<uint32_t>(static_cast<int32_t>(difference)) << p.shift);
  return doubling_high_multiply(shifted, p.multiplier);
}

// e^difference in Q0.31; 0 where it is too far below the largest.
template <typename Parameters>
WHIT_INLINE int32_t softmax_exp(const Parameters &p, int16_t difference) {
  if (difference < p.least_difference) return 0;
  return exp_on_negative_values(softmax_argument(p, difference), softmax_input_fraction_bits);
}

template <typename Parameters>
WHIT_INLINE int32_t softmax_sum(const Parameters &p, const int8_t *row, ptrdiff_t depth, int8_t largest) {
  int32_t sum = 0;
  for (ptrdiff_t i = 0; i < depth; ++i)
    sum += divide_by_power_of_two(softmax_exp(p, static_cast<int16_t>(row[i] - largest)), softmax_sum_integer_bits);
  return sum;
}

// One output: the exponential's share of the sum in units of the output type's range. A sum of twice that range or more
// leaves less than half a unit.
template <typename Output>
WHIT_INLINE Output softmax_output(Reciprocal sum, int32_t exponential) {
  const int8_t exponent = static_cast<int8_t>(sum.exponent + 31 - static_cast<int8_t>(8 * sizeof(Output)));
  const int32_t half = int32_t{1} << (8 * sizeof(Output) - 1);
  if (exponent > 31) return static_cast<Output>(-half);
  const int32_t share = divide_by_power_of_two(doubling_high_multiply(sum.reciprocal, exponential), exponent);
  return static_cast<Output>(clamp(share - half, -half, half - 1));
}

template <typename Output>
WHIT_INLINE void softmax_rows(const SoftmaxInt8Parameters &p, const int8_t *input, Output *output) {
  const ptrdiff_t depth = p.depth;
  for (int32_t row = 0; row < p.rows; ++row, input += depth) {
    const int8_t largest = largest_of(input, depth);
    const Reciprocal sum = reciprocal_of(softmax_sum(p, input, depth, largest), softmax_sum_integer_bits);
    for (ptrdiff_t i = 0; i < depth; ++i)
      *output++ = softmax_output<Output>(sum, softmax_exp(p, static_cast<int16_t>(input[i] - largest)));
  }
}

WHIT_KERNEL void softmax_int8(const SoftmaxInt8Parameters *parameters, const int8_t *input, int8_t *output) {
  WHIT_LOAD_PARAMETERS(SoftmaxInt8Parameters, p, parameters);
  softmax_rows(p, input, output);
}

WHIT_KERNEL void softmax_int8_int16(const SoftmaxInt8Parameters *parameters, const int8_t *input, int16_t *output) {
  WHIT_LOAD_PARAMETERS(SoftmaxInt8Parameters, p, parameters);
  softmax_rows(p, input, output);
}

// The difference, in Q5.26, less the logarithm of the sum, in 1/16, the largest output being 0. What lies below Q5.26's
// range, found by the inverse factor, is the smallest output.
WHIT_KERNEL void log_softmax_int8(const LogSoftmaxInt8Parameters *parameters, const int8_t *input, int8_t *output) {
  WHIT_LOAD_PARAMETERS(LogSoftmaxInt8Parameters, p, parameters);
  const ptrdiff_t depth = p.depth;
  for (int32_t row = 0; row < p.rows; ++row, input += depth) {
    const int8_t largest = largest_of(input, depth);
    const int32_t logarithm = log_of_one_or_more(softmax_sum(p, input, depth, largest), softmax_sum_integer_bits);
    const int32_t reach = requantize(logarithm + INT32_MIN, p.inverse_multiplier, static_cast<int8_t>(p.inverse_shift));
    const int32_t below = p.least_difference - 1, last = reach > below ? reach : below;
    for (ptrdiff_t i = 0; i < depth; ++i) {
      const int16_t difference = static_cast<int16_t>(input[i] - largest);
      int32_t value = -128;
      if (difference > last) value = divide_by_power_of_two(softmax_argument(p, difference) - logarithm, 22) + 127;
      *output++ = static_cast<int8_t>(clamp(value, -128, 127));
    }
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
