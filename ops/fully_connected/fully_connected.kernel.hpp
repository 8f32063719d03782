// SPDX-License-Identifier: Apache-2.0
// fully_connected, portable: out[row][o] = bias[o] + sum over i of (in[row][i] - input_zero) * weight[o][i].
// Weights are [output][input]. Rules: docs/semantics.md, "fully_connected".
#ifndef WHIT_OPS_FULLY_CONNECTED_KERNEL_HPP
#define WHIT_OPS_FULLY_CONNECTED_KERNEL_HPP

#include "device/core/requantize.hpp"

namespace whit {

#define WHIT_FULLY_CONNECTED_SIZE(FIELD) FIELD(int32_t, rows) FIELD(int32_t, depth) FIELD(int32_t, outputs)

#define WHIT_FULLY_CONNECTED_INT8_FIELDS(FIELD)                                                                   \
  WHIT_FULLY_CONNECTED_SIZE(FIELD)                                                                                \
  FIELD(int16_t, input_zero) FIELD(int16_t, output_zero) FIELD(int16_t, output_low) FIELD(int16_t, output_high) \
  FIELD(int32_t, multiplier) FIELD(int32_t, shift)
WHIT_PARAMETERS(FullyConnectedInt8Parameters, WHIT_FULLY_CONNECTED_INT8_FIELDS)

#define WHIT_FULLY_CONNECTED_FLOAT_FIELDS(FIELD) \
  WHIT_FULLY_CONNECTED_SIZE(FIELD)               \
  FIELD(float, output_low) FIELD(float, output_high)
WHIT_PARAMETERS(FullyConnectedFloatParameters, WHIT_FULLY_CONNECTED_FLOAT_FIELDS)

// One output value before requantisation. The products fit 16 bits, so `int` is wide enough on every chip.
WHIT_INLINE int32_t fully_connected_int8_sum(const int8_t *input, const int8_t *weights, ptrdiff_t depth, int zero) {
  int32_t sum = 0;
  for (const int8_t *end = input + depth; input != end; ++input, ++weights) sum += (*input - zero) * load(weights);
  return sum;
}

// Weights with one scale.
WHIT_KERNEL void fully_connected_int8(const FullyConnectedInt8Parameters *parameters, const int8_t *input,
                                      const int8_t *weights, const int32_t *bias, int8_t *output) {
  WHIT_LOAD_PARAMETERS(FullyConnectedInt8Parameters, p, parameters);
  const ptrdiff_t depth = p.depth, outputs = p.outputs;
  for (int32_t row = 0; row < p.rows; ++row, input += depth) {
    const int8_t *weight = weights;
    for (ptrdiff_t out = 0; out < outputs; ++out, weight += depth) {
      const int32_t sum = fully_connected_int8_sum(input, weight, depth, p.input_zero) + load(bias + out);
      const int32_t value = requantize(sum, p.multiplier, p.shift);
      *output++ = static_cast<int8_t>(clamp(value + p.output_zero, p.output_low, p.output_high));
    }
  }
}

// Weights with one scale an output. The parameters' own multiplier and shift are not read.
WHIT_KERNEL void fully_connected_int8_per_output(const FullyConnectedInt8Parameters *parameters, const int8_t *input,
                                                 const int8_t *weights, const int32_t *bias,
                                                 const int32_t *multipliers, const int8_t *shifts, int8_t *output) {
  WHIT_LOAD_PARAMETERS(FullyConnectedInt8Parameters, p, parameters);
  const ptrdiff_t depth = p.depth, outputs = p.outputs;
  for (int32_t row = 0; row < p.rows; ++row, input += depth) {
    const int8_t *weight = weights;
    for (ptrdiff_t out = 0; out < outputs; ++out, weight += depth) {
      const int32_t sum = fully_connected_int8_sum(input, weight, depth, p.input_zero) + load(bias + out);
      const int32_t value = requantize(sum, load(multipliers + out), load(shifts + out));
      *output++ = static_cast<int8_t>(clamp(value + p.output_zero, p.output_low, p.output_high));
    }
  }
}

WHIT_KERNEL void fully_connected_float(const FullyConnectedFloatParameters *parameters, const float *input,
                                       const float *weights, const float *bias, float *output) {
  WHIT_LOAD_PARAMETERS(FullyConnectedFloatParameters, p, parameters);
  const ptrdiff_t depth = p.depth, outputs = p.outputs;
  for (int32_t row = 0; row < p.rows; ++row, input += depth) {
    const float *weight = weights;
    for (ptrdiff_t out = 0; out < outputs; ++out, weight += depth) {
      float sum = 0.0F;
      for (ptrdiff_t in = 0; in < depth; ++in) sum += input[in] * load(weight + in);
      *output++ = clamp_float(sum + load(bias + out), p.output_low, p.output_high);
    }
  }
}

}  // namespace whit

#endif
