// SPDX-License-Identifier: Apache-2.0
// depthwise_conv2d of 16-bit data with 8-bit weights for cores with DSP instructions: four channels of a pixel at a time,
// input and output channel_last.
//
// The stream of constants has for every four channels: four biases; for each tap of the window a word of four weights;
// four multipliers (ops/int16/int16_dsp_requantize.hpp). The last four channels may overlap the four before them.
#ifndef WHIT_OPS_DEPTHWISE_CONV2D_INT16_DSP_KERNEL_HPP
#define WHIT_OPS_DEPTHWISE_CONV2D_INT16_DSP_KERNEL_HPP

#include "device/core/instructions.dsp.hpp"
#include "device/core/window.hpp"

namespace whit {

WHIT_PARAMETERS(DepthwiseConv2dInt16DspParameters, WHIT_WINDOW_GEOMETRY)

#if defined(__ARM_FEATURE_DSP)

// Four channels of a pixel: their sums, and where the next tap's data and weights lie, `step` bytes from tap to tap.
struct FourChannels {
  int32_t first, second, third, fourth;
  const int16_t *data;
  const int32_t *weights;
};

// One tap. Bytes 0 and 2 of the weights make a pair, and 1 and 3. One asm block, or a compiler begins all loads at once
// and runs out of registers.
WHIT_INLINE FourChannels add_depthwise_tap(FourChannels sums, int32_t step) {
  uint32_t low, high, even, odd;
  __asm__(
      "ldr %[low], [%[data]]\n\t"
      "ldr %[high], [%[data], #4]\n\t"
      "ldr %[even], [%[weights]], #4\n\t"
      "add %[data], %[data], %[step]\n\t"
      "sxtb16 %[odd], %[even], ror #8\n\t"
      "sxtb16 %[even], %[even]\n\t"
      "smlabb %[first], %[low], %[even], %[first]\n\t"
      "smlatb %[second], %[low], %[odd], %[second]\n\t"
      "smlabt %[third], %[high], %[even], %[third]\n\t"
      "smlatt %[fourth], %[high], %[odd], %[fourth]"
      : [first] "+r"(sums.first), [second] "+r"(sums.second), [third] "+r"(sums.third), [fourth] "+r"(sums.fourth),
        [data] "+&r"(sums.data), [weights] "+&r"(sums.weights), [low] "=&r"(low), [high] "=&r"(high), [even] "=&r"(even),
        [odd] "=&r"(odd)
      : [step] "r"(step)
      : "memory");
  return sums;
}

// The taps inside the input of one pixel: steps in bytes, `row` from behind a row's last tap to the next row's first, and
// `skipped` words of weights likewise.
struct PixelTaps {
  int32_t rows, columns, step, row, skipped, first, window;
};

// `columns` of a row, or as many as the pixel has where it is 0.
template <int columns>
WHIT_INLINE FourChannels add_depthwise_taps(FourChannels sums, const PixelTaps &taps) {
  for (int32_t rows = taps.rows; rows > 0; --rows) {
    if (columns == 0)
      for (int32_t left = taps.columns; left > 0; --left) sums = add_depthwise_tap(sums, taps.step);
    if (columns > 2) sums = add_depthwise_tap(sums, taps.step);
    if (columns > 1) sums = add_depthwise_tap(sums, taps.step);
    if (columns > 0) sums = add_depthwise_tap(sums, taps.step);
    sums.data = reinterpret_cast<const int16_t *>(reinterpret_cast<const uint8_t *>(sums.data) + taps.row);
    sums.weights += taps.skipped;
  }
  return sums;
}

struct SaturateSigned {
  WHIT_INLINE int32_t apply(int32_t value) { return saturate<16>(value); }
};
struct SaturatePositive {
  WHIT_INLINE int32_t apply(int32_t value) { return saturate_unsigned<15>(value); }
};

template <typename Saturate>
WHIT_INLINE uint32_t requantized_pair(int32_t first, int32_t second, const int32_t *multipliers) {
  return join_low(static_cast<uint32_t>(Saturate::apply(multiply_high(first, multipliers[0]))),
                  static_cast<uint32_t>(Saturate::apply(multiply_high(second, multipliers[1]))));
}

// Four channels from a block of the stream.
template <typename Saturate, int columns>
WHIT_INLINE void four_channels(const PixelTaps &taps, const int16_t *data, const int32_t *block, int16_t *output) {
  FourChannels sums = {block[0], block[1], block[2], block[3], data, block + 4 + taps.first};
  sums = add_depthwise_taps<columns>(sums, taps);
  const int32_t *multipliers = block + 4 + taps.window;
  store_word(output, requantized_pair<Saturate>(sums.first, sums.second, multipliers));
  store_word(output + 2, requantized_pair<Saturate>(sums.third, sums.fourth, multipliers + 2));
}

template <typename Saturate, int columns>
WHIT_KERNEL void depthwise_int16_pixel(const PixelTaps &all_taps, const int16_t *data, const int32_t *block, int16_t *output,
                                 int32_t channels) {
  const PixelTaps taps = all_taps;
  const int32_t block_words = 8 + taps.window;
  for (; channels >= 4; channels -= 4, data += 4, output += 4, block += block_words)
    four_channels<Saturate, columns>(taps, data, block, output);
  if (channels > 0) four_channels<Saturate, columns>(taps, data + channels - 4, block, output + channels - 4);
}

template <typename Saturate>
WHIT_KERNEL void depthwise_conv2d_int16_dsp(const DepthwiseConv2dInt16DspParameters *parameters, const int16_t *input,
                                            const int32_t *stream, int16_t *output) {
  const DepthwiseConv2dInt16DspParameters &p = *parameters;
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x, output += p.input_channels) {
      const WindowTaps inside = window_taps(p, y, x);
      const int32_t step = 2 * inside.data_column;
      const PixelTaps taps = {inside.rows, inside.columns, step, 2 * inside.data_row - inside.columns * step,
                              p.kernel_width - inside.columns, inside.first_row * p.kernel_width + inside.first_column,
                              p.kernel_height * p.kernel_width};
      const int16_t *data = input + inside.data;
      if (inside.columns == 3)
        depthwise_int16_pixel<Saturate, 3>(taps, data, stream, output, p.input_channels);
      else if (inside.columns == 2)
        depthwise_int16_pixel<Saturate, 2>(taps, data, stream, output, p.input_channels);
      else
        depthwise_int16_pixel<Saturate, 0>(taps, data, stream, output, p.input_channels);
    }
}

#endif

}  // namespace whit

#endif
