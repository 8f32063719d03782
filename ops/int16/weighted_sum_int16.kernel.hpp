// SPDX-License-Identifier: Apache-2.0
// Sums of 16-bit data times 8-bit weights, portable, for conv2d, depthwise_conv2d and fully_connected (a 1 x 1
// convolution over its rows). Sums have 64 bits, or 32 where the model's bias has. Rules: docs/semantics.md, "conv2d".
#ifndef WHIT_OPS_WEIGHTED_SUM_INT16_KERNEL_HPP
#define WHIT_OPS_WEIGHTED_SUM_INT16_KERNEL_HPP

#include "device/core/requantize_sum.hpp"
#include "device/core/tap_walk.hpp"

namespace whit {

#define WHIT_WEIGHTED_SUM_INT16_FIELDS(FIELD) \
  WHIT_TAP_WALK(FIELD) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(WeightedSumInt16Parameters, WHIT_WEIGHTED_SUM_INT16_FIELDS)

template <typename Sum>
WHIT_INLINE Sum sum_of_taps(const WeightedSumInt16Parameters &p, const WindowTaps &taps, const int16_t *data,
                            const int8_t *weights) {
  Sum sum = 0;
  for (int16_t row = 0; row < taps.rows; ++row, data += taps.data_row) {
    const int16_t *in = data;
    const int8_t *weight = weights + static_cast<ptrdiff_t>(row) * p.kernel_width * p.column_step;
    for (int16_t column = 0; column < taps.columns; ++column, in += taps.data_column, weight += p.column_step)
      for (int16_t c = 0; c < p.summed; ++c) sum += static_cast<int32_t>(in[c]) * load(weight + c);
  }
  return sum;
}

template <typename Sum>
WHIT_KERNEL void weighted_sum_int16(const WeightedSumInt16Parameters *parameters, const int16_t *input,
                                    const int8_t *weights, const Sum *bias, const int32_t *multipliers,
                                    const int8_t *shifts, int16_t *output) {
  WHIT_LOAD_PARAMETERS(WeightedSumInt16Parameters, p, parameters);
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x) {
      const WindowTaps taps = window_taps(p, y, x);
      const int32_t first_tap = first_weight(p, taps);
      for (int16_t out = 0; out < p.output_channels; ++out) {
        const Sum sum = sum_of_taps<Sum>(p, taps, input + taps.data + first_channel(p, out),
                                         weights + first_tap + out * static_cast<ptrdiff_t>(p.output_step));
        const int32_t value = requantize_sum(wrapping_sum(sum, load(bias + out)), load(multipliers + out), load(shifts + out));
        *output++ = static_cast<int16_t>(clamp(value, p.output_low, p.output_high));
      }
    }
}

}  // namespace whit

#endif
