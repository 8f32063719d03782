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

// Where the taps of one output pixel lie that are inside the input: offsets in elements from the first data and the
// first weight of a channel, and the steps from tap to tap. Offsets are as wide as the chip's addresses.
struct DepthwiseTaps {
  int16_t rows, columns;
  ptrdiff_t data, data_row, data_column;
  ptrdiff_t weight, weight_row, weight_column;
};

template <typename Parameters>
WHIT_INLINE DepthwiseTaps depthwise_taps(const Parameters &p, int16_t y, int16_t x) {
  const int16_t top = static_cast<int16_t>(y * p.stride_height - p.padding_top);
  const int16_t left = static_cast<int16_t>(x * p.stride_width - p.padding_left);
  const TapRange rows = taps_inside(top, p.kernel_height, p.dilation_height, p.input_height);
  const TapRange columns = taps_inside(left, p.kernel_width, p.dilation_width, p.input_width);
  const ptrdiff_t first_row = top + rows.first * p.dilation_height;
  const ptrdiff_t first_column = left + columns.first * p.dilation_width;
  const ptrdiff_t row = static_cast<ptrdiff_t>(p.input_width) * p.input_channels;
  const ptrdiff_t weight_row = static_cast<ptrdiff_t>(p.kernel_width) * p.output_channels;
  const DepthwiseTaps taps = {static_cast<int16_t>(rows.last - rows.first),
                              static_cast<int16_t>(columns.last - columns.first),
                              first_row * row + first_column * p.input_channels,
                              row * p.dilation_height,
                              static_cast<ptrdiff_t>(p.dilation_width) * p.input_channels,
                              rows.first * weight_row + static_cast<ptrdiff_t>(columns.first) * p.output_channels,
                              weight_row,
                              p.output_channels};
  return taps;
}

// One output value before requantisation. The products fit 16 bits, so `int` is wide enough on every chip.
WHIT_INLINE int32_t depthwise_int8_sum(const DepthwiseTaps &taps, const int8_t *data, const int8_t *weights, int zero) {
  int32_t sum = 0;
  for (int16_t row = 0; row < taps.rows; ++row) {
    const int8_t *in = data + row * taps.data_row;
    const int8_t *weight = weights + row * taps.weight_row;
    for (int16_t column = 0; column < taps.columns; ++column) {
      sum += (*in - zero) * load(weight);
      in += taps.data_column;
      weight += taps.weight_column;
    }
  }
  return sum;
}

WHIT_KERNEL void depthwise_conv2d_int8(const DepthwiseConv2dInt8Parameters *parameters, const int8_t *input,
                                       const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                       const int8_t *shifts, int8_t *output) {
  WHIT_LOAD_PARAMETERS(DepthwiseConv2dInt8Parameters, p, parameters);
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x) {
      const DepthwiseTaps taps = depthwise_taps(p, y, x);
      int16_t out = 0;
      for (int16_t in = 0; in < p.input_channels; ++in)
        for (int16_t copy = 0; copy < p.multiplier; ++copy, ++out) {
          const int32_t sum =
              depthwise_int8_sum(taps, input + taps.data + in, weights + taps.weight + out, p.input_zero);
          const int32_t value = requantize(sum + load(bias + out), load(multipliers + out), load(shifts + out));
          *output++ = static_cast<int8_t>(clamp(value + p.output_zero, p.output_low, p.output_high));
        }
    }
}

WHIT_INLINE float depthwise_float_sum(const DepthwiseTaps &taps, const float *data, const float *weights) {
  float sum = 0.0F;
  for (int16_t row = 0; row < taps.rows; ++row) {
    const float *in = data + row * taps.data_row;
    const float *weight = weights + row * taps.weight_row;
    for (int16_t column = 0; column < taps.columns; ++column) {
      sum += *in * load(weight);
      in += taps.data_column;
      weight += taps.weight_column;
    }
  }
  return sum;
}

WHIT_KERNEL void depthwise_conv2d_float(const DepthwiseConv2dFloatParameters *parameters, const float *input,
                                        const float *weights, const float *bias, float *output) {
  WHIT_LOAD_PARAMETERS(DepthwiseConv2dFloatParameters, p, parameters);
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x) {
      const DepthwiseTaps taps = depthwise_taps(p, y, x);
      int16_t out = 0;
      for (int16_t in = 0; in < p.input_channels; ++in)
        for (int16_t copy = 0; copy < p.multiplier; ++copy, ++out) {
          const float sum = depthwise_float_sum(taps, input + taps.data + in, weights + taps.weight + out);
          *output++ = clamp_float(sum + load(bias + out), p.output_low, p.output_high);
        }
    }
}

}  // namespace whit

#endif
