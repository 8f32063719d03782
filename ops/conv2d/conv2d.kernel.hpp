// SPDX-License-Identifier: Apache-2.0
// conv2d, portable: out[y][x][o] = bias[o] + sum over window and channels of (in - input_zero) * weight[o].
// Data is channel_last, weights are [output channel][height][width][channel]. Rules: docs/semantics.md, "conv2d".
#ifndef WHIT_OPS_CONV2D_KERNEL_HPP
#define WHIT_OPS_CONV2D_KERNEL_HPP

#include "device/core/requantize.hpp"
#include "device/core/window.hpp"

namespace whit {

#define WHIT_CONV2D_INT8_FIELDS(FIELD) \
  WHIT_WINDOW_GEOMETRY(FIELD)          \
  FIELD(int16_t, input_zero) FIELD(int16_t, output_zero) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(Conv2dInt8Parameters, WHIT_CONV2D_INT8_FIELDS)

#define WHIT_CONV2D_FLOAT_FIELDS(FIELD) \
  WHIT_WINDOW_GEOMETRY(FIELD)           \
  FIELD(float, output_low) FIELD(float, output_high)
WHIT_PARAMETERS(Conv2dFloatParameters, WHIT_CONV2D_FLOAT_FIELDS)

// One output value before requantisation. `weights` points at the output channel's first weight.
WHIT_INLINE int32_t conv2d_int8_sum(const Conv2dInt8Parameters &p, const int8_t *input, const int8_t *weights,
                                    int16_t top, int16_t left, TapRange rows, TapRange columns) {
  int32_t sum = 0;
  for (int16_t row = rows.first; row < rows.last; ++row)
    for (int16_t column = columns.first; column < columns.last; ++column) {
      const int32_t pixel = static_cast<int32_t>(top + row * p.dilation_height) * p.input_width + left +
                            column * p.dilation_width;
      const int8_t *in = input + pixel * p.input_channels;
      const int8_t *weight = weights + static_cast<int32_t>(row * p.kernel_width + column) * p.input_channels;
      for (int16_t channel = 0; channel < p.input_channels; ++channel)
        sum += static_cast<int32_t>(static_cast<int16_t>(in[channel] - p.input_zero)) * load(weight + channel);
    }
  return sum;
}

WHIT_KERNEL void conv2d_int8(const Conv2dInt8Parameters *parameters, const int8_t *input, const int8_t *weights,
                             const int32_t *bias, const int32_t *multipliers, const int8_t *shifts, int8_t *output) {
  WHIT_LOAD_PARAMETERS(Conv2dInt8Parameters, p, parameters);
  const int32_t weights_per_channel = static_cast<int32_t>(p.kernel_height) * p.kernel_width * p.input_channels;
  for (int16_t y = 0; y < p.output_height; ++y) {
    const int16_t top = static_cast<int16_t>(y * p.stride_height - p.padding_top);
    const TapRange rows = taps_inside(top, p.kernel_height, p.dilation_height, p.input_height);
    for (int16_t x = 0; x < p.output_width; ++x) {
      const int16_t left = static_cast<int16_t>(x * p.stride_width - p.padding_left);
      const TapRange columns = taps_inside(left, p.kernel_width, p.dilation_width, p.input_width);
      for (int16_t channel = 0; channel < p.output_channels; ++channel) {
        const int32_t sum = conv2d_int8_sum(p, input, weights + channel * weights_per_channel, top, left, rows, columns);
        const int32_t value =
            requantize(sum + load(bias + channel), load(multipliers + channel), load(shifts + channel));
        *output++ = static_cast<int8_t>(clamp(value + p.output_zero, p.output_low, p.output_high));
      }
    }
  }
}

WHIT_INLINE float conv2d_float_sum(const Conv2dFloatParameters &p, const float *input, const float *weights,
                                   int16_t top, int16_t left, TapRange rows, TapRange columns) {
  float sum = 0.0F;
  for (int16_t row = rows.first; row < rows.last; ++row)
    for (int16_t column = columns.first; column < columns.last; ++column) {
      const int32_t pixel = static_cast<int32_t>(top + row * p.dilation_height) * p.input_width + left +
                            column * p.dilation_width;
      const float *in = input + pixel * p.input_channels;
      const float *weight = weights + static_cast<int32_t>(row * p.kernel_width + column) * p.input_channels;
      for (int16_t channel = 0; channel < p.input_channels; ++channel) sum += in[channel] * load(weight + channel);
    }
  return sum;
}

WHIT_KERNEL void conv2d_float(const Conv2dFloatParameters *parameters, const float *input, const float *weights,
                              const float *bias, float *output) {
  WHIT_LOAD_PARAMETERS(Conv2dFloatParameters, p, parameters);
  const int32_t weights_per_channel = static_cast<int32_t>(p.kernel_height) * p.kernel_width * p.input_channels;
  for (int16_t y = 0; y < p.output_height; ++y) {
    const int16_t top = static_cast<int16_t>(y * p.stride_height - p.padding_top);
    const TapRange rows = taps_inside(top, p.kernel_height, p.dilation_height, p.input_height);
    for (int16_t x = 0; x < p.output_width; ++x) {
      const int16_t left = static_cast<int16_t>(x * p.stride_width - p.padding_left);
      const TapRange columns = taps_inside(left, p.kernel_width, p.dilation_width, p.input_width);
      for (int16_t channel = 0; channel < p.output_channels; ++channel) {
        const float sum = conv2d_float_sum(p, input, weights + channel * weights_per_channel, top, left, rows, columns);
        *output++ = clamp_float(sum + load(bias + channel), p.output_low, p.output_high);
      }
    }
  }
}

}  // namespace whit

#endif
