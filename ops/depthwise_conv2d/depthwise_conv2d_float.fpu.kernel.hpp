// SPDX-License-Identifier: Apache-2.0
// depthwise_conv2d in float for cores with floating point in hardware: four channels of a pixel at once, so that no sum waits
// for another. Weights are [height][width][channel], channels by fours; each sum adds in the portable kernel's order.
#ifndef WHIT_OPS_DEPTHWISE_CONV2D_FLOAT_FPU_KERNEL_HPP
#define WHIT_OPS_DEPTHWISE_CONV2D_FLOAT_FPU_KERNEL_HPP

#include "device/core/four_floats.hpp"
#include "device/core/window.hpp"

namespace whit {

#define WHIT_DEPTHWISE_CONV2D_FLOAT_FPU_FIELDS(FIELD) \
  WHIT_WINDOW_GEOMETRY(FIELD) FIELD(float, output_low) FIELD(float, output_high)
WHIT_PARAMETERS(DepthwiseConv2dFloatFpuParameters, WHIT_DEPTHWISE_CONV2D_FLOAT_FPU_FIELDS)

// The taps inside the input of one pixel: data and weights from tap to tap, and from behind a row's last tap on.
struct FloatTaps {
  int32_t rows, columns;
  ptrdiff_t data, data_row, weights, weights_row;
};

WHIT_INLINE FourFloats depthwise_four_sums(const FloatTaps &taps, const float *data, const float *weights) {
  FourFloats sums = {0.0F, 0.0F, 0.0F, 0.0F};
  for (int32_t row = taps.rows; row != 0; --row, data += taps.data_row, weights += taps.weights_row)
    for (int32_t column = taps.columns; column != 0; --column, data += taps.data, weights += taps.weights)
      sums = add_products(sums, weights, data);
  return sums;
}

WHIT_KERNEL void depthwise_conv2d_float_fpu(const DepthwiseConv2dFloatFpuParameters *parameters, const float *input,
                                            const float *weights, const float *bias, float *output) {
  WHIT_LOAD_PARAMETERS(DepthwiseConv2dFloatFpuParameters, p, parameters);
  const int32_t channels = p.input_channels;
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x, output += channels) {
      const WindowTaps inside = window_taps(p, y, x);
      const FloatTaps taps = {inside.rows, inside.columns, inside.data_column,
                              inside.data_row - inside.columns * inside.data_column, channels,
                              static_cast<ptrdiff_t>(p.kernel_width - inside.columns) * channels};
      const float *data = input + inside.data;
      const float *weight = weights + (static_cast<ptrdiff_t>(inside.first_row) * p.kernel_width + inside.first_column) * channels;
      for (int32_t channel = 0; channel < channels; channel += 4) {
        const FourFloats sums = depthwise_four_sums(taps, data + channel, weight + channel);
        store_four(output + channel, clamp_four(sums, load_four(bias + channel), p.output_low, p.output_high), 4);
      }
    }
}

}  // namespace whit

#endif
