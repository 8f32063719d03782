// SPDX-License-Identifier: Apache-2.0
// conv2d and fully_connected in float for cores with floating point in hardware: four output channels at once, and two
// pixels where the same taps of their windows lie inside the input, so that eight sums wait for none of the others. Each sum
// adds its products in the portable kernel's order.
//
// Weights are packed by fours of output channels: [four][window row][window column][channel][4], missing ones 0.
#ifndef WHIT_OPS_WEIGHTED_SUM_FLOAT_FPU_KERNEL_HPP
#define WHIT_OPS_WEIGHTED_SUM_FLOAT_FPU_KERNEL_HPP

#include "device/core/four_floats.hpp"
#include "device/core/window.hpp"

namespace whit {

#define WHIT_WEIGHTED_SUM_FLOAT_FPU_FIELDS(FIELD) \
  WHIT_WINDOW_GEOMETRY(FIELD) FIELD(float, output_low) FIELD(float, output_high)
WHIT_PARAMETERS(WeightedSumFloatFpuParameters, WHIT_WEIGHTED_SUM_FLOAT_FPU_FIELDS)

// Four channels of a pixel, and of the next one.
struct PixelPairSums {
  FourFloats near, next;
};

template <bool has_next>
WHIT_INLINE PixelPairSums add_values(PixelPairSums sums, const float *data, ptrdiff_t next, const float *weights, int32_t count) {
  if (count >= 2 && has_next) add_value_pairs(sums.near, sums.next, data, data + next, weights, count / 2);
  if (count >= 2 && !has_next) add_value_pairs(sums.near, data, weights, count / 2);
  if (count % 2 == 0) return sums;
  const FourFloats four = load_four(weights);
  sums.near = add_products(sums.near, four, *data);
  if (has_next) sums.next = add_products(sums.next, four, data[next]);
  return sums;
}

// One pixel, or two whose data lie `next` apart.
template <bool has_next>
WHIT_KERNEL void weighted_sum_float_pixels(const WeightedSumFloatFpuParameters &p, const WindowTaps &taps, const float *data,
                                           ptrdiff_t next, const float *weights, const float *bias, float *output) {
  const ptrdiff_t weight_row = static_cast<ptrdiff_t>(p.kernel_width) * p.input_channels * 4;
  const ptrdiff_t first_tap = taps.first_row * weight_row + static_cast<ptrdiff_t>(taps.first_column) * p.input_channels * 4;
  const int32_t values = taps.columns * p.input_channels;
  for (int32_t left = p.output_channels; left > 0; left -= 4, weights += p.kernel_height * weight_row, bias += 4, output += 4) {
    PixelPairSums sums = {{0.0F, 0.0F, 0.0F, 0.0F}, {0.0F, 0.0F, 0.0F, 0.0F}};
    const float *row = data, *weight = weights + first_tap;
    for (int16_t rows = taps.rows; rows != 0; --rows, row += taps.data_row, weight += weight_row)
      sums = add_values<has_next>(sums, row, next, weight, values);
    const FourFloats biases = load_four(bias);
    store_four(output, clamp_four(sums.near, biases, p.output_low, p.output_high), left);
    if (has_next) store_four(output + p.output_channels, clamp_four(sums.next, biases, p.output_low, p.output_high), left);
  }
}

WHIT_KERNEL void weighted_sum_float_fpu(const WeightedSumFloatFpuParameters *parameters, const float *input,
                                        const float *weights, const float *bias, float *output) {
  WHIT_LOAD_PARAMETERS(WeightedSumFloatFpuParameters, p, parameters);
  const ptrdiff_t next = static_cast<ptrdiff_t>(p.stride_width) * p.input_channels;
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width;) {
      const WindowTaps taps = window_taps(p, y, x);
      bool has_next = x + 1 < p.output_width;
      if (has_next) {
        const WindowTaps others = window_taps(p, y, static_cast<int16_t>(x + 1));
        has_next = taps.first_column == others.first_column && taps.columns == others.columns;
      }
      if (has_next)
        weighted_sum_float_pixels<true>(p, taps, input + taps.data, next, weights, bias, output);
      else
        weighted_sum_float_pixels<false>(p, taps, input + taps.data, next, weights, bias, output);
      x = static_cast<int16_t>(x + (has_next ? 2 : 1));
      output += (has_next ? 2 : 1) * p.output_channels;
    }
}

}  // namespace whit

#endif
