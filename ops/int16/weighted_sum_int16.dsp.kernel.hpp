// SPDX-License-Identifier: Apache-2.0
// Sums of 16-bit data times 8-bit weights for cores with DSP instructions: two output channels at once, four products of
// each by two instructions. Of each stretch of weights whole fours lie as 0, 2, 1, 3, so that a word widens to two pairs
// in the order of the data.
#ifndef WHIT_OPS_WEIGHTED_SUM_INT16_DSP_KERNEL_HPP
#define WHIT_OPS_WEIGHTED_SUM_INT16_DSP_KERNEL_HPP

#include "device/core/instructions.dsp.hpp"
#include "device/core/requantize_sum.hpp"
#include "device/core/tap_walk.hpp"

namespace whit {

#define WHIT_WEIGHTED_SUM_INT16_DSP_FIELDS(FIELD) \
  WHIT_TAP_WALK(FIELD) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(WeightedSumInt16DspParameters, WHIT_WEIGHTED_SUM_INT16_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

// The sums of two output channels, whose weights begin at `near` and `near + apart`.
template <typename Sum>
struct TwoSums {
  Sum first, second;

  WHIT_INLINE void add_stretch(TwoSums &sums, const int16_t *data, const int8_t *near, ptrdiff_t apart, int32_t count) {
    Sum first = sums.first, second = sums.second;
    for (; count >= 4; count -= 4, data += 4, near += 4) {
      const uint32_t low = load_word(data), high = load_word(data + 2);
      const uint32_t weights = load_word(near), others = load_word(near + apart);
      first = add_products(add_products(first, low, widen_even(weights)), high, widen_odd(weights));
      second = add_products(add_products(second, low, widen_even(others)), high, widen_odd(others));
    }
    for (; count > 0; --count, ++data, ++near) {
      first += static_cast<int32_t>(*data) * *near;
      second += static_cast<int32_t>(*data) * near[apart];
    }
    sums.first = first;
    sums.second = second;
  }
};

template <typename Sum>
WHIT_INLINE void store_sum(const WeightedSumInt16DspParameters &p, Sum sum, const Sum *bias, int32_t multiplier,
                           int8_t shift, int16_t *output) {
  *output = static_cast<int16_t>(
      clamp(requantize_sum(static_cast<Sum>(sum + *bias), multiplier, shift), p.output_low, p.output_high));
}

// Two output channels go together where both read the same data; the sums of one alone are formed twice.
template <typename Sum>
WHIT_KERNEL void weighted_sum_int16_dsp(const WeightedSumInt16DspParameters *parameters, const int16_t *input,
                                        const int8_t *weights, const Sum *bias, const int32_t *multipliers,
                                        const int8_t *shifts, int16_t *output) {
  const WeightedSumInt16DspParameters &p = *parameters;
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x, output += p.output_channels) {
      const WindowTaps taps = window_taps(p, y, x);
      const int8_t *first_tap = weights + first_weight(p, taps);
      for (int16_t out = 0; out < p.output_channels;) {
        const int16_t next = static_cast<int16_t>(out + 1);
        const bool pairs = next < p.output_channels && first_channel(p, out) == first_channel(p, next);
        const ptrdiff_t apart = pairs ? p.output_step : 0;
        TwoSums<Sum> sums = {0, 0};
        const int16_t *row = input + taps.data + first_channel(p, out);
        const int8_t *weight_row = first_tap + out * p.output_step;
        for (int16_t left = taps.rows; left != 0; --left, row += taps.data_row, weight_row += p.kernel_width * p.column_step) {
          const int16_t *data = row;
          const int8_t *weight = weight_row;
          for (int16_t columns = taps.columns; columns != 0; --columns, data += taps.data_column, weight += p.column_step)
            TwoSums<Sum>::add_stretch(sums, data, weight, apart, p.summed);
        }
        store_sum(p, sums.first, bias + out, multipliers[out], shifts[out], output + out);
        if (pairs) store_sum(p, sums.second, bias + next, multipliers[next], shifts[next], output + next);
        out = static_cast<int16_t>(next + (pairs ? 1 : 0));
      }
    }
}

#endif

}  // namespace whit

#endif
