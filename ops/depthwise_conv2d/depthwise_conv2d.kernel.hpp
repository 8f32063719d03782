// SPDX-License-Identifier: Apache-2.0
// depthwise_conv2d, portable: out[y][x][c * M + m] = bias + sum over window of (in[..][c] - input_zero) * weight.
// Data is channel_last, weights are [height][width][output channel]. Rules: docs/semantics.md, "depthwise_conv2d".
#ifndef WHIT_OPS_DEPTHWISE_CONV2D_KERNEL_HPP
#define WHIT_OPS_DEPTHWISE_CONV2D_KERNEL_HPP

#include "device/core/requantize.hpp"
#include "device/core/window.hpp"

namespace whit {

#define WHIT_DEPTHWISE_CONV2D_INT8_FIELDS(FIELD) \
  WHIT_WINDOW_GEOMETRY(FIELD)                    \
  FIELD(int16_t, multiplier)                     \
  FIELD(int16_t, input_zero) FIELD(int16_t, output_zero) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(DepthwiseConv2dInt8Parameters, WHIT_DEPTHWISE_CONV2D_INT8_FIELDS)

#define WHIT_DEPTHWISE_CONV2D_FLOAT_FIELDS(FIELD) \
  WHIT_WINDOW_GEOMETRY(FIELD)                     \
  FIELD(int16_t, multiplier)                      \
  FIELD(float, output_low) FIELD(float, output_high)
WHIT_PARAMETERS(DepthwiseConv2dFloatParameters, WHIT_DEPTHWISE_CONV2D_FLOAT_FIELDS)

// The first weight of output channel 0 that meets data inside the input.
template <typename Parameters, typename Weight>
WHIT_INLINE const Weight *first_weight(const Parameters &p, const WindowTaps &taps, const Weight *weights) {
  return weights + (static_cast<ptrdiff_t>(taps.first_row) * p.kernel_width + taps.first_column) * p.output_channels;
}

// One output value before requantisation. The products fit 16 bits, so `int` is wide enough on every chip.
WHIT_INLINE int32_t depthwise_int8_sum(const DepthwiseConv2dInt8Parameters &p, const WindowTaps &taps,
                                       const int8_t *data, const int8_t *weights) {
  const int zero = p.input_zero;
  const ptrdiff_t weight_row = static_cast<ptrdiff_t>(p.kernel_width) * p.output_channels;
  int32_t sum = 0;
  for (int16_t row = 0; row < taps.rows; ++row, data += taps.data_row, weights += weight_row) {
    const int8_t *in = data;
    const int8_t *weight = weights;
    for (int16_t column = 0; column < taps.columns; ++column, in += taps.data_column, weight += p.output_channels)
      sum += (*in - zero) * load(weight);
  }
  return sum;
}

WHIT_KERNEL void depthwise_conv2d_int8(const DepthwiseConv2dInt8Parameters *parameters, const int8_t *input,
                                       const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                       const int8_t *shifts, int8_t *output) {
  WHIT_LOAD_PARAMETERS(DepthwiseConv2dInt8Parameters, p, parameters);
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x) {
      const WindowTaps taps = window_taps(p, y, x);
      const int8_t *weight = first_weight(p, taps, weights);
      int16_t out = 0;
      for (int16_t in = 0; in < p.input_channels; ++in)
        for (int16_t copy = 0; copy < p.multiplier; ++copy, ++out) {
          const int32_t sum = depthwise_int8_sum(p, taps, input + taps.data + in, weight + out);
          const int32_t value = requantize(sum + load(bias + out), load(multipliers + out), load(shifts + out));
          *output++ = static_cast<int8_t>(clamp(value + p.output_zero, p.output_low, p.output_high));
        }
    }
}

WHIT_INLINE float depthwise_float_sum(const DepthwiseConv2dFloatParameters &p, const WindowTaps &taps,
                                      const float *data, const float *weights) {
  const ptrdiff_t weight_row = static_cast<ptrdiff_t>(p.kernel_width) * p.output_channels;
  float sum = 0.0F;
  for (int16_t row = 0; row < taps.rows; ++row, data += taps.data_row, weights += weight_row) {
    const float *in = data;
    const float *weight = weights;
    for (int16_t column = 0; column < taps.columns; ++column, in += taps.data_column, weight += p.output_channels)
      sum += *in * load(weight);
  }
  return sum;
}

WHIT_KERNEL void depthwise_conv2d_float(const DepthwiseConv2dFloatParameters *parameters, const float *input,
                                        const float *weights, const float *bias, float *output) {
  WHIT_LOAD_PARAMETERS(DepthwiseConv2dFloatParameters, p, parameters);
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x) {
      const WindowTaps taps = window_taps(p, y, x);
      const float *weight = first_weight(p, taps, weights);
      int16_t out = 0;
      for (int16_t in = 0; in < p.input_channels; ++in)
        for (int16_t copy = 0; copy < p.multiplier; ++copy, ++out) {
          const float sum = depthwise_float_sum(p, taps, input + taps.data + in, weight + out);
          *output++ = clamp_float(sum + load(bias + out), p.output_low, p.output_high);
        }
    }
}

}  // namespace whit

#endif
