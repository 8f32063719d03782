// SPDX-License-Identifier: Apache-2.0
// resize_bilinear on int8 for cores with a fast multiplier, where few bits make the weights, as at twice or four times the
// size: four channels from a word of each pixel, two of them in the halves of a word. Values are taken 128 higher, so
// that no sum of a half, at most 255 times the weights' sum of up to 2^8, touches the other.
#ifndef WHIT_OPS_RESIZE_PAIRED_KERNEL_HPP
#define WHIT_OPS_RESIZE_PAIRED_KERNEL_HPP

#include "device/core/move.hpp"
#include "device/core/resize.hpp"

namespace whit {

// `row_one` and `column_one`: what the weights of two rows, and of two columns, add up to; their product is 2^bits.
#define WHIT_RESIZE_PAIRED_FIELDS(FIELD) \
  WHIT_RESIZE_FIELDS(FIELD) FIELD(int16_t, row_one) FIELD(int16_t, column_one) FIELD(int16_t, bits)
WHIT_PARAMETERS(ResizePairedParameters, WHIT_RESIZE_PAIRED_FIELDS)

// The four pixels' places and weights: of the upper row left and right, and `down` bytes further on of the lower row left
// and right. One weight may be negative at an edge, where two places are the same.
struct FourPixels {
  const uint8_t *left, *right;
  ptrdiff_t down;
  uint32_t weights[4];
};

WHIT_INLINE FourPixels four_pixels(const ResizePairedParameters &p, const int8_t *input, const Between<int16_t> &row,
                                   const Between<int16_t> &column) {
  const uint8_t *data = reinterpret_cast<const uint8_t *>(input) + row.lower;
  const uint32_t down = static_cast<uint32_t>(row.upper_weight), right = static_cast<uint32_t>(column.upper_weight);
  const uint32_t up = static_cast<uint32_t>(p.row_one) - down, left = static_cast<uint32_t>(p.column_one) - right;
  const FourPixels pixels = {data + column.lower, data + column.upper, row.upper - row.lower,
                             {up * left, down * left, up * right, down * right}};
  return pixels;
}

// Both halves to the nearest value, halves away from the middle, which is 128: below it they go down.
WHIT_INLINE uint32_t rounded_pair(uint32_t sums, uint32_t below_half, int16_t bits) {
  const uint32_t upwards = (sums >> (7 + bits)) & 0x00010001U;
  return ((sums + below_half + upwards) >> bits) & 0x00FF00FFU;
}

WHIT_INLINE void mix_fours(const FourPixels &pixels, uint32_t below_half, int16_t bits, int32_t channels, uint8_t *output) {
  const uint32_t halves = 0x00FF00FFU, signs = 0x80808080U;
  const uint8_t *left = pixels.left, *right = pixels.right;
  for (const uint8_t *end = left + channels; left != end; left += 4, right += 4, output += 4) {
    const uint32_t a = word_at(left) ^ signs, b = word_at(left + pixels.down) ^ signs;
    uint32_t even = (a & halves) * pixels.weights[0] + (b & halves) * pixels.weights[1];
    uint32_t odd = (a >> 8 & halves) * pixels.weights[0] + (b >> 8 & halves) * pixels.weights[1];
    const uint32_t c = word_at(right) ^ signs, d = word_at(right + pixels.down) ^ signs;
    even += (c & halves) * pixels.weights[2] + (d & halves) * pixels.weights[3];
    odd += (c >> 8 & halves) * pixels.weights[2] + (d >> 8 & halves) * pixels.weights[3];
    set_word(output, (rounded_pair(even, below_half, bits) | rounded_pair(odd, below_half, bits) << 8) ^ signs);
  }
}

WHIT_INLINE void mix_one_by_one(const FourPixels &pixels, uint32_t below_half, int16_t bits, int32_t from, int32_t channels,
                                uint8_t *output) {
  for (int32_t c = from; c < channels; ++c) {
    const uint8_t *left = pixels.left + c, *right = pixels.right + c;
    const uint32_t sum = (left[0] ^ 0x80U) * pixels.weights[0] + (left[pixels.down] ^ 0x80U) * pixels.weights[1] +
                         (right[0] ^ 0x80U) * pixels.weights[2] + (right[pixels.down] ^ 0x80U) * pixels.weights[3];
    output[c] = static_cast<uint8_t>(rounded_pair(sum, below_half, bits) ^ 0x80U);
  }
}

WHIT_KERNEL void resize_bilinear_paired(const ResizePairedParameters *parameters, const int16_t *rows, const int16_t *row_weights,
                                        const int16_t *columns, const int16_t *column_weights, const int8_t *input, int8_t *output) {
  const ResizePairedParameters p = *parameters;
  const ptrdiff_t row_step = static_cast<ptrdiff_t>(p.input_width) * p.channels;
  const uint32_t below_half = ((uint32_t{1} << (p.bits - 1)) - 1) * 0x00010001U;
  const uintptr_t channels = static_cast<uintptr_t>(p.channels);
  const int32_t in_fours = words_suit(reinterpret_cast<const void *>(reinterpret_cast<uintptr_t>(output) | channels), input)
                               ? p.channels / 4 * 4 : 0;
  uint8_t *out = reinterpret_cast<uint8_t *>(output);
  for (int16_t batch = 0; batch < p.batches; ++batch, input += p.input_height * row_step)
    for (int16_t y = 0; y < p.output_height; ++y) {
      const Between<int16_t> row = between(rows, row_weights, y, row_step);
      for (int16_t x = 0; x < p.output_width; ++x, out += p.channels) {
        const FourPixels pixels = four_pixels(p, input, row, between(columns, column_weights, x, p.channels));
        mix_fours(pixels, below_half, p.bits, in_fours, out);
        mix_one_by_one(pixels, below_half, p.bits, in_fours, p.channels, out);
      }
    }
}

}  // namespace whit

#endif
