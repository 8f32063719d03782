// SPDX-License-Identifier: Apache-2.0
// Sums of 8-bit data times 4-bit weights, portable, for conv2d, grouped_conv2d, depthwise_conv2d and fully_connected (a
// 1 x 1 convolution over its rows). Weights stay two to a byte, the first in the low half. Rules: docs/semantics.md,
// "conv2d".
#ifndef WHIT_OPS_WEIGHTED_SUM_INT4_KERNEL_HPP
#define WHIT_OPS_WEIGHTED_SUM_INT4_KERNEL_HPP

#include "device/core/requantize.hpp"
#include "device/core/tap_walk.hpp"

namespace whit {

#define WHIT_WEIGHTED_SUM_INT4_FIELDS(FIELD) \
  WHIT_TAP_WALK(FIELD)                       \
  FIELD(int16_t, input_zero) FIELD(int16_t, output_zero) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(WeightedSumInt4Parameters, WHIT_WEIGHTED_SUM_INT4_FIELDS)

// The signed numbers in both halves of a byte.
WHIT_INLINE int8_t low_weight(int8_t pair) {
  return static_cast<int8_t>(static_cast<int8_t>(static_cast<uint8_t>(pair) << 4) >> 4);
}
WHIT_INLINE int8_t high_weight(int8_t pair) { return static_cast<int8_t>(pair >> 4); }

// Of `count` neighbouring data values and the weights from number `place` on.
WHIT_INLINE int32_t sum_of_nibbles(const int8_t *data, int16_t count, int16_t zero, const int8_t *weights, int32_t place) {
  int32_t sum = 0;
  const int8_t *pairs = weights + (place >> 1);
  if ((place & 1) != 0 && count > 0) {
    sum += static_cast<int16_t>(static_cast<int16_t>(*data++ - zero) * high_weight(load(pairs++)));
    --count;
  }
  for (; count > 1; count = static_cast<int16_t>(count - 2), data += 2) {
    const int8_t pair = load(pairs++);
    sum += static_cast<int16_t>(static_cast<int16_t>(data[0] - zero) * low_weight(pair));
    sum += static_cast<int16_t>(static_cast<int16_t>(data[1] - zero) * high_weight(pair));
  }
  if (count > 0) sum += static_cast<int16_t>(static_cast<int16_t>(*data - zero) * low_weight(load(pairs)));
  return sum;
}

WHIT_KERNEL void weighted_sum_int4(const WeightedSumInt4Parameters *parameters, const int8_t *input,
                                   const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                   const int8_t *shifts, int8_t *output) {
  WHIT_LOAD_PARAMETERS(WeightedSumInt4Parameters, p, parameters);
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x) {
      const WindowTaps taps = window_taps(p, y, x);
      const int32_t first_tap = first_weight(p, taps);
      for (int16_t out = 0; out < p.output_channels; ++out) {
        const int8_t *row = input + taps.data + first_channel(p, out);
        int32_t place = first_tap + out * p.output_step, sum = load(bias + out);
        for (int16_t tap_row = 0; tap_row < taps.rows; ++tap_row, row += taps.data_row, place += p.kernel_width * p.column_step) {
          const int8_t *in = row;
          for (int16_t column = 0; column < taps.columns; ++column, in += taps.data_column)
            sum += sum_of_nibbles(in, p.summed, p.input_zero, weights, place + column * p.column_step);
        }
        const int32_t value = requantize(sum, load(multipliers + out), load(shifts + out));
        *output++ = static_cast<int8_t>(clamp(value + p.output_zero, p.output_low, p.output_high));
      }
    }
}

}  // namespace whit

#endif
