// SPDX-License-Identifier: Apache-2.0
// The loops of convolutions for cores with DSP instructions: input channel_last, output in either layout.
//
// Two rows of output pixels are computed together. Columns of the input (all the values of one input column that the
// window sees: kernel_height x channels) go into scratch, 16 bits wide, the column for the upper row interleaved
// with the one for the lower; the windows of neighbouring pixels overlap there, so that each column is filled once
// for each pair of rows. Padding is filled with the input's zero point, which the bias takes back.
// The order of values within a column is the filler's, and the host packs weights alike. Fillers and matrix products know
// the data's type; here it is bytes.
#ifndef WHIT_DEVICE_CORE_CONV2D_DSP_HPP
#define WHIT_DEVICE_CORE_CONV2D_DSP_HPP

#include "device/core/columns.dsp.hpp"
#include "device/core/columns.hpp"
#include "device/core/matmul.dsp.hpp"

namespace whit {

#define WHIT_CONV2D_DSP_FIELDS(FIELD)                                                         \
  FIELD(int16_t, input_height) FIELD(int16_t, input_width) FIELD(int16_t, input_channels)     \
  FIELD(int16_t, output_height) FIELD(int16_t, output_width) FIELD(int16_t, kernel_height)    \
  FIELD(int16_t, kernel_width) FIELD(int16_t, stride_height) FIELD(int16_t, stride_width)     \
  FIELD(int16_t, padding_top) FIELD(int16_t, padding_left) FIELD(int16_t, input_zero)         \
  FIELD(int16_t, column_pairs) /* pairs of values in a column */                              \
  FIELD(int16_t, chunk)        /* output columns computed in one go */                        \
  FIELD(int16_t, first_rows)   /* channels % 4: where the second block of four begins */      \
  FIELD(int32_t, block_bytes)  /* of one block of four output channels */                     \
  FIELD(int32_t, stream_bytes) FIELD(int32_t, pixel_bytes) FIELD(int32_t, channel_bytes)
WHIT_PARAMETERS(Conv2dDspParameters, WHIT_CONV2D_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

// The form's own parts come by address, so that the loops stand once in an image however many forms a model uses.
typedef void FillFunction(const ColumnSource &source, uint32_t *to, int32_t top, int32_t first, int32_t last);

// Pixels from one row of outputs to the next; parameters of other operators answer by functions of their own.
WHIT_INLINE int32_t row_pixels(const Conv2dDspParameters &p) { return p.output_width; }

template <typename Parameters>
WHIT_INLINE void conv2d_rows(FillFunction *fill, MatmulFunction *matmul, const Parameters &p, const int8_t *input,
                             const int32_t *rows, int8_t *output, int32_t *scratch) {
  const int32_t column_words = 2 * p.column_pairs;
  uint32_t *columns = reinterpret_cast<uint32_t *>(scratch);
  const ColumnSource source = {input,           p.input_height, p.input_width, p.input_channels,
                               p.kernel_height, column_words,   p.input_zero};
  Matmul run;
  run.columns = columns;
  run.rows = rows;
  run.steps = p.kernel_width * p.column_pairs;
  run.column_bytes = p.stride_width * column_words * 4;
  run.output_bytes = p.pixel_bytes;
  run.row_bytes = p.channel_bytes;
  for (int32_t y = 0; y < p.output_height; y += 2) {
    const bool two_rows = y + 1 < p.output_height;
    const int32_t top = y * p.stride_height - p.padding_top;
    run.second_bytes = two_rows ? row_pixels(p) * p.pixel_bytes : 0;
    int32_t filled = -p.padding_left;  // input columns before this one are in scratch or no longer needed
    for (int32_t x = 0; x < p.output_width; x += p.chunk) {
      const ColumnChunk chunk = column_chunk(p, x, filled);
      if (x != 0) move_down(columns, columns + p.chunk * p.stride_width * column_words, chunk.kept * column_words);
      uint32_t *to = columns + chunk.kept * column_words;
      for (int32_t row = 0; row <= (two_rows ? 1 : 0); ++row)
        fill(source, to + row, top + row * p.stride_height, chunk.first + chunk.kept, chunk.last);
      filled = chunk.last;
      run.output = output + (y * row_pixels(p) + x) * p.pixel_bytes;
      run.pixel_pairs = chunk.pixels;
      matmul_all_rows(matmul, run, p.first_rows, p.block_bytes, p.stream_bytes, p.channel_bytes);
    }
  }
}

WHIT_KERNEL void conv2d_with(FillFunction *fill, MatmulFunction *matmul, const Conv2dDspParameters *parameters,
                             const int8_t *input, const int32_t *rows, int8_t *output, int32_t *scratch) {
  conv2d_rows(fill, matmul, *parameters, input, rows, output, scratch);
}

#endif

}  // namespace whit

#endif
