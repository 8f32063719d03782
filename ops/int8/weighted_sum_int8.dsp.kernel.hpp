// SPDX-License-Identifier: Apache-2.0
// Sums of int8 products for cores with DSP instructions, any window: dilated and grouped convolutions, which the kernels
// that widen whole columns leave. Two output channels at once.
#ifndef WHIT_OPS_WEIGHTED_SUM_INT8_DSP_KERNEL_HPP
#define WHIT_OPS_WEIGHTED_SUM_INT8_DSP_KERNEL_HPP

#include "device/core/dot.dsp.hpp"
#include "device/core/requantize.hpp"
#include "device/core/tap_walk.hpp"

namespace whit {

#define WHIT_WEIGHTED_SUM_INT8_DSP_FIELDS(FIELD) \
  WHIT_TAP_WALK(FIELD)                           \
  FIELD(int16_t, input_zero) FIELD(int16_t, output_zero) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(WeightedSumInt8DspParameters, WHIT_WEIGHTED_SUM_INT8_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

WHIT_KERNEL void weighted_sum_int8_dsp(const WeightedSumInt8DspParameters *parameters, const int8_t *input,
                                       const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                       const int8_t *shifts, int8_t *output) {
  const WeightedSumInt8DspParameters &p = *parameters;
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x, output += p.output_channels) {
      const WindowTaps taps = window_taps(p, y, x);
      const int8_t *first_tap = weights + first_weight(p, taps);
      for (int16_t out = 0; out < p.output_channels;) {
        const int16_t next = static_cast<int16_t>(out + 1);
        const bool pairs = next < p.output_channels && first_channel(p, out) == first_channel(p, next);
        const ptrdiff_t apart = pairs ? p.output_step : 0;
        TwoDots dots = {bias[out], pairs ? bias[next] : 0};
        const int8_t *row = input + taps.data + first_channel(p, out);
        const int8_t *weight_row = first_tap + out * p.output_step;
        for (int16_t left = taps.rows; left != 0; --left, row += taps.data_row, weight_row += p.kernel_width * p.column_step) {
          const int8_t *data = row, *weight = weight_row;
          for (int16_t columns = taps.columns; columns != 0; --columns, data += taps.data_column, weight += p.column_step)
            dots = add_dots(dots, data, -p.input_zero, weight, apart, 0, p.summed);
        }
        const int32_t first = requantize(dots.first, multipliers[out], shifts[out]);
        output[out] = static_cast<int8_t>(clamp(first + p.output_zero, p.output_low, p.output_high));
        if (pairs) {
          const int32_t second = requantize(dots.second, multipliers[next], shifts[next]);
          output[next] = static_cast<int8_t>(clamp(second + p.output_zero, p.output_low, p.output_high));
        }
        out = static_cast<int16_t>(next + (pairs ? 1 : 0));
      }
    }
}

#endif

}  // namespace whit

#endif
