// SPDX-License-Identifier: Apache-2.0
// average_pool2d and max_pool2d on int8 for cores with Helium, channel_last: eight channels at a time are summed in 16 bits, of
// at most 255 taps; sixteen are compared.
#ifndef WHIT_OPS_POOL_MVE_KERNEL_HPP
#define WHIT_OPS_POOL_MVE_KERNEL_HPP

#include "device/core/vectors.mve.hpp"
#include "device/core/window.hpp"

namespace whit {

#define WHIT_POOL_MVE_FIELDS(FIELD) WHIT_WINDOW_GEOMETRY(FIELD) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(PoolMveParameters, WHIT_POOL_MVE_FIELDS)

#if defined(__ARM_FEATURE_MVE)

// Sums to averages, halves away from zero.
WHIT_INLINE int16x8_t averages(const PoolMveParameters &p, int16x8_t sums, int32_t count) {
  int16_t values[8];
  vstrhq_s16(values, sums);
  for (int32_t lane = 0; lane < 8; ++lane) {
    const int32_t sum = values[lane];
    const int32_t average = (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
    values[lane] = static_cast<int16_t>(average < p.output_low ? p.output_low : (average > p.output_high ? p.output_high : average));
  }
  return vldrhq_s16(values);
}

struct AverageMve {
  static const int32_t lanes = 8;

  static void pool(const PoolMveParameters &p, const WindowTaps &taps, const int8_t *data, int8_t *output, int32_t channels) {
    const mve_pred16_t used = vctp16q(static_cast<uint32_t>(channels));
    int16x8_t sums = vdupq_n_s16(0);
    for (int32_t row = 0; row < taps.rows; ++row, data += taps.data_row) {
      const int8_t *tap = data;
      for (int32_t column = 0; column < taps.columns; ++column, tap += taps.data_column) sums = vaddq_s16(sums, vldrbq_z_s16(tap, used));
    }
    vstrbq_p_s16(output, averages(p, sums, static_cast<int32_t>(taps.rows) * taps.columns), used);
  }
};

struct MaxMve {
  static const int32_t lanes = 16;

  static void pool(const PoolMveParameters &p, const WindowTaps &taps, const int8_t *data, int8_t *output, int32_t channels) {
    const mve_pred16_t used = vctp8q(static_cast<uint32_t>(channels));
    int8x16_t largest = vdupq_n_s8(static_cast<int8_t>(p.output_low));
    for (int32_t row = 0; row < taps.rows; ++row, data += taps.data_row) {
      const int8_t *tap = data;
      for (int32_t column = 0; column < taps.columns; ++column, tap += taps.data_column) largest = vmaxq_s8(largest, vldrbq_z_s8(tap, used));
    }
    vstrbq_p_s8(output, vminq_s8(largest, vdupq_n_s8(static_cast<int8_t>(p.output_high))), used);
  }
};

template <typename Pool>
WHIT_INLINE void pool2d_mve(const PoolMveParameters &p, const int8_t *input, int8_t *output) {
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x, output += p.input_channels) {
      const WindowTaps taps = window_taps(p, y, x);
      for (int32_t channel = 0; channel < p.input_channels; channel += Pool::lanes)
        Pool::pool(p, taps, input + taps.data + channel, output + channel, p.input_channels - channel);
    }
}

WHIT_KERNEL void average_pool2d_mve(const PoolMveParameters *parameters, const int8_t *input, int8_t *output) {
  pool2d_mve<AverageMve>(*parameters, input, output);
}

WHIT_KERNEL void max_pool2d_mve(const PoolMveParameters *parameters, const int8_t *input, int8_t *output) {
  pool2d_mve<MaxMve>(*parameters, input, output);
}

#endif

}  // namespace whit

#endif
