// SPDX-License-Identifier: Apache-2.0
// average_pool2d and max_pool2d for cores with DSP instructions: channel_last data four channels at a time, and the
// average of whole planes.
#ifndef WHIT_OPS_POOL_DSP_KERNEL_HPP
#define WHIT_OPS_POOL_DSP_KERNEL_HPP

#include "device/core/instructions.dsp.hpp"
#include "device/core/requantize.hpp"
#include "device/core/window.hpp"

namespace whit {

#define WHIT_POOL_DSP_FIELDS(FIELD) \
  WHIT_WINDOW_GEOMETRY(FIELD)       \
  FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(PoolDspParameters, WHIT_POOL_DSP_FIELDS)

#define WHIT_PLANE_AVERAGE_DSP_FIELDS(FIELD) \
  FIELD(int32_t, pixels) FIELD(int16_t, planes) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(PlaneAverageDspParameters, WHIT_PLANE_AVERAGE_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

// sum / count, rounded to nearest, halves away from zero, within the limits.
template <typename Parameters>
WHIT_INLINE int8_t average_within(const Parameters &p, int32_t sum, int32_t count) {
  const int32_t half = count / 2;
  return static_cast<int8_t>(clamp((sum > 0 ? sum + half : sum - half) / count, p.output_low, p.output_high));
}

// Four channels of the taps of one window, averaged. Sums of 16 bits: at most 255 taps.
struct AverageFourChannels {
  WHIT_INLINE void pool(const PoolDspParameters &p, const WindowTaps &taps, const int8_t *data,
                                      int8_t *output) {
    uint32_t even = 0, odd = 0;
    for (int32_t row = 0; row < taps.rows; ++row, data += taps.data_row) {
      const int8_t *in = data;
      for (int32_t column = 0; column < taps.columns; ++column, in += taps.data_column) {
        const uint32_t bytes = load_word(in);
        even = add_even(even, bytes);
        odd = add_odd(odd, bytes);
      }
    }
    const int32_t count = static_cast<int32_t>(taps.rows) * taps.columns;
    output[0] = average_within(p, static_cast<int16_t>(even), count);
    output[1] = average_within(p, static_cast<int16_t>(odd), count);
    output[2] = average_within(p, static_cast<int32_t>(even) >> 16, count);
    output[3] = average_within(p, static_cast<int32_t>(odd) >> 16, count);
  }
};

// Four channels of the taps of one window: the largest of each.
struct MaxFourChannels {
  WHIT_INLINE void pool(const PoolDspParameters &p, const WindowTaps &taps, const int8_t *data,
                                      int8_t *output) {
    uint32_t largest = load_word(data);
    for (int32_t row = 0; row < taps.rows; ++row, data += taps.data_row) {
      const int8_t *in = data;
      for (int32_t column = 0; column < taps.columns; ++column, in += taps.data_column)
        largest = larger_bytes(largest, load_word(in));
    }
    for (int32_t channel = 0; channel < 4; ++channel, largest >>= 8)
      output[channel] = static_cast<int8_t>(clamp(static_cast<int8_t>(largest), p.output_low, p.output_high));
  }
};

// At least four channels; where they are no multiple of four, the last four overlap those before.
template <typename Pool>
WHIT_INLINE void pool2d_dsp(const PoolDspParameters &p, const int8_t *input, int8_t *output) {
  const int32_t channels = p.input_channels;
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x, output += channels) {
      const WindowTaps taps = window_taps(p, y, x);
      for (int32_t channel = 0; channel < channels; channel += 4) {
        const int32_t first = channel + 4 <= channels ? channel : channels - 4;
        Pool::pool(p, taps, input + taps.data + first, output + first);
      }
    }
}

WHIT_KERNEL void average_pool2d_dsp(const PoolDspParameters *parameters, const int8_t *input, int8_t *output) {
  pool2d_dsp<AverageFourChannels>(*parameters, input, output);
}

WHIT_KERNEL void max_pool2d_dsp(const PoolDspParameters *parameters, const int8_t *input, int8_t *output) {
  pool2d_dsp<MaxFourChannels>(*parameters, input, output);
}

// USADA8 against zero adds four unsigned bytes; -128..127 become 0..255 by their top bits.
WHIT_KERNEL void plane_average_dsp(const PlaneAverageDspParameters *parameters, const int8_t *input, int8_t *output) {
  const PlaneAverageDspParameters &p = *parameters;
  for (int32_t plane = 0; plane < p.planes; ++plane) {
    const int8_t *end = input + p.pixels;
    uint32_t sum = 0;
    for (; end - input >= 8; input += 8) {
      const uint32_t first = load_word(input), second = load_word(input + 4);
      sum = add_unsigned_bytes(add_unsigned_bytes(sum, first ^ 0x80808080U), second ^ 0x80808080U);
    }
    for (; input != end; ++input) sum += static_cast<uint32_t>(*input + 128);
    *output++ = average_within(p, static_cast<int32_t>(sum) - 128 * p.pixels, p.pixels);
  }
}

#endif

}  // namespace whit

#endif
