// SPDX-License-Identifier: Apache-2.0
// conv2d with a 1x1 window and stride 1 for cores with DSP instructions: planar input, output in either layout.
//
// Groups of four pixels are gathered from all planes, a word each, and widened into scratch as the columns of two pairs
// of pixels; then all output channels of a chunk of groups are computed. A planar output may therefore lie exactly over
// the input: the pixels it overwrites have all been read.
#ifndef WHIT_OPS_CONV2D_PLANAR_DSP_KERNEL_HPP
#define WHIT_OPS_CONV2D_PLANAR_DSP_KERNEL_HPP

#include "device/core/instructions.dsp.hpp"
#include "device/core/matmul.dsp.hpp"

namespace whit {

#define WHIT_CONV2D_PLANAR_DSP_FIELDS(FIELD)                                                  \
  FIELD(int32_t, pixels) FIELD(int16_t, input_channels)                                       \
  FIELD(int16_t, chunk)       /* pixels computed in one go, a multiple of four */             \
  FIELD(int16_t, first_rows)  /* channels % 4: where the second block of four begins */       \
  FIELD(int32_t, block_bytes) /* of one block of four output channels */                      \
  FIELD(int32_t, stream_bytes) FIELD(int32_t, pixel_bytes) FIELD(int32_t, channel_bytes)
WHIT_PARAMETERS(Conv2dPlanarDspParameters, WHIT_CONV2D_PLANAR_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

// Four pixels of two planes, a word each, to the columns of two pairs of pixels.
WHIT_INLINE void widen_four_pixels(uint32_t *first_pair, uint32_t *second_pair, uint32_t even, uint32_t odd) {
  const uint32_t low = join_low(even, odd), high = join_high(even, odd);
  first_pair[0] = widen_even(low);
  first_pair[1] = widen_odd(low);
  second_pair[0] = widen_even(high);
  second_pair[1] = widen_odd(high);
}

// Up to four bytes; those that are not there are zero.
WHIT_INLINE uint32_t load_some(const int8_t *from, int32_t count) {
  uint32_t word = 0;
  for (int32_t index = 0; index < count; ++index)
    word |= static_cast<uint32_t>(static_cast<uint8_t>(from[index])) << (8 * index);
  return word;
}

// The columns of up to four pixels, `column_words` words a pair of pixels.
WHIT_INLINE void gather(uint32_t *to, const int8_t *from, int32_t channels, int32_t plane, int32_t count,
                        int32_t column_words) {
  uint32_t *second = to + column_words;
  if (count == 4) {
    for (; channels > 1; channels -= 2, from += 2 * plane, to += 2, second += 2)
      widen_four_pixels(to, second, load_word(from), load_word(from + plane));
    if (channels != 0) widen_four_pixels(to, second, load_word(from), 0);
    return;
  }
  for (; channels > 0; channels -= 2, from += 2 * plane, to += 2, second += 2)
    widen_four_pixels(to, second, load_some(from, count), channels > 1 ? load_some(from + plane, count) : 0);
}

WHIT_KERNEL void conv2d_planar_with(MatmulFunction *matmul, const Conv2dPlanarDspParameters *parameters,
                                    const int8_t *input, const int32_t *rows, int8_t *output, int32_t *scratch) {
  const Conv2dPlanarDspParameters &p = *parameters;
  const int32_t steps = (p.input_channels + 1) / 2;
  uint32_t *columns = reinterpret_cast<uint32_t *>(scratch);
  Matmul run;
  run.rows = rows;
  run.steps = steps;
  run.column_bytes = steps * 8;
  run.output_bytes = 2 * p.pixel_bytes;
  run.row_bytes = p.channel_bytes;
  for (int32_t pixel = 0; pixel < p.pixels; pixel += p.chunk) {
    const int32_t count = p.pixels - pixel < p.chunk ? p.pixels - pixel : p.chunk;
    for (int32_t at = 0; at < count; at += 4)
      gather(columns + at * steps, input + pixel + at, p.input_channels, p.pixels, count - at < 4 ? count - at : 4,
             2 * steps);
    run.columns = columns;
    run.second_bytes = p.pixel_bytes;
    run.pixel_pairs = count / 2;
    run.output = output + pixel * p.pixel_bytes;
    if (run.pixel_pairs != 0)
      matmul_all_rows(matmul, run, p.first_rows, p.block_bytes, p.stream_bytes, p.channel_bytes);
    if (count % 2 == 0) continue;
    run.columns = columns + (count - 1) * steps;
    run.second_bytes = 0;
    run.pixel_pairs = 1;
    run.output = output + (pixel + count - 1) * p.pixel_bytes;
    matmul_all_rows(matmul, run, p.first_rows, p.block_bytes, p.stream_bytes, p.channel_bytes);
  }
}

template <MatmulFunction *matmul>
WHIT_INLINE void conv2d_planar_dsp(const Conv2dPlanarDspParameters *parameters, const int8_t *input,
                                   const int32_t *rows, int8_t *output, int32_t *scratch) {
  conv2d_planar_with(matmul, parameters, input, rows, output, scratch);
}

#endif

}  // namespace whit

#endif
