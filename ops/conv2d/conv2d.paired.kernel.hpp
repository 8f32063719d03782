// SPDX-License-Identifier: Apache-2.0
// conv2d for cores with a fast 32-bit multiplier and no DSP instructions: two output pixels in the halves of each word
// (device/core/paired.hpp), input and output channel_last.
//
// conv2d_paired computes two rows of output pixels together. Columns of the input (all values of one input column that
// the window sees: kernel_height x channels) are paired into scratch, the upper row's value with the lower row's; the
// windows of neighbouring pixels overlap there, so that each column is read once for each pair of rows. Padding is
// filled with the input's zero point, which the offsets take back.
// conv2d_pointwise_paired (1x1, stride 1) pairs neighbouring pixels instead, so that no row is left alone.
#ifndef WHIT_OPS_CONV2D_PAIRED_KERNEL_HPP
#define WHIT_OPS_CONV2D_PAIRED_KERNEL_HPP

#include "device/core/columns.hpp"
#include "device/core/paired_matmul.hpp"

namespace whit {

#define WHIT_CONV2D_PAIRED_FIELDS(FIELD)                                                      \
  FIELD(int16_t, input_height) FIELD(int16_t, input_width) FIELD(int16_t, input_channels)     \
  FIELD(int16_t, output_height) FIELD(int16_t, output_width) FIELD(int16_t, output_channels)  \
  FIELD(int16_t, kernel_height) FIELD(int16_t, kernel_width)                                  \
  FIELD(int16_t, stride_height) FIELD(int16_t, stride_width)                                  \
  FIELD(int16_t, padding_top) FIELD(int16_t, padding_left) FIELD(int16_t, input_zero)         \
  FIELD(int16_t, chunk) /* output columns computed in one go */                               \
  FIELD(int32_t, first_bytes) FIELD(int32_t, stream_bytes)
WHIT_PARAMETERS(Conv2dPairedParameters, WHIT_CONV2D_PAIRED_FIELDS)

#define WHIT_CONV2D_POINTWISE_PAIRED_FIELDS(FIELD)                                              \
  FIELD(int32_t, pixels) FIELD(int16_t, input_channels) FIELD(int16_t, output_channels)         \
  FIELD(int16_t, chunk) /* pixels computed in one go, even */                                   \
  FIELD(int32_t, first_bytes) FIELD(int32_t, stream_bytes)
WHIT_PARAMETERS(Conv2dPointwisePairedParameters, WHIT_CONV2D_POINTWISE_PAIRED_FIELDS)

// Columns [first, last) of the input for two rows of output pixels whose windows begin at the input rows `upper` and
// `lower`.
WHIT_INLINE void pair_columns(const Conv2dPairedParameters &p, const int8_t *input, uint32_t *to, int32_t upper,
                              int32_t lower, int32_t first, int32_t last) {
  const int32_t row_bytes = p.input_width * p.input_channels;
  for (int32_t x = first; x < last; ++x) {
    const int8_t *column = x >= 0 && x < p.input_width ? input + x * p.input_channels : nullptr;
    for (int32_t row = 0; row < p.kernel_height; ++row) {
      const int32_t y = upper + row, below = lower + row;
      const int8_t *one = column != nullptr && y >= 0 && y < p.input_height ? column + y * row_bytes : nullptr;
      const int8_t *other =
          column != nullptr && below >= 0 && below < p.input_height ? column + below * row_bytes : nullptr;
      to = pair_values(to, one, other, p.input_channels, p.input_zero);
    }
  }
}

WHIT_KERNEL void conv2d_paired(const Conv2dPairedParameters *parameters, const int8_t *input, const int32_t *stream,
                               const int8_t *weights, int8_t *output, int32_t *scratch) {
  const Conv2dPairedParameters &p = *parameters;
  const int32_t column_words = p.kernel_height * p.input_channels;
  uint32_t *columns = reinterpret_cast<uint32_t *>(scratch);
  PairedMatmul run;
  run.columns = columns;
  run.stream = reinterpret_cast<const uint8_t *>(stream);
  run.stream_end = run.stream + p.stream_bytes;
  run.weights = weights;
  run.column_bytes = p.kernel_width * column_words * 4;
  run.step_bytes = p.stride_width * column_words * 4;
  run.output_bytes = p.output_channels;
  for (int32_t y = 0; y < p.output_height; y += 2) {
    const bool two_rows = y + 1 < p.output_height;
    const int32_t top = y * p.stride_height - p.padding_top;
    run.second_bytes = two_rows ? p.output_width * p.output_channels : 0;
    int32_t filled = -p.padding_left;  // input columns before this one are in scratch or no longer needed
    for (int32_t x = 0; x < p.output_width; x += p.chunk) {
      const ColumnChunk chunk = column_chunk(p, x, filled);
      if (x != 0) move_down(columns, columns + p.chunk * p.stride_width * column_words, chunk.kept * column_words);
      pair_columns(p, input, columns + chunk.kept * column_words, top, two_rows ? top + p.stride_height : p.input_height,
                   chunk.first + chunk.kept, chunk.last);
      filled = chunk.last;
      run.output = output + (y * p.output_width + x) * p.output_channels;
      run.pixel_pairs = chunk.pixels;
      paired_matmul_all(run, p.first_bytes);
    }
  }
}

WHIT_KERNEL void conv2d_pointwise_paired(const Conv2dPointwisePairedParameters *parameters, const int8_t *input,
                                         const int32_t *stream, const int8_t *weights, int8_t *output,
                                         int32_t *scratch) {
  const Conv2dPointwisePairedParameters &p = *parameters;
  uint32_t *columns = reinterpret_cast<uint32_t *>(scratch);
  PairedMatmul run;
  run.stream = reinterpret_cast<const uint8_t *>(stream);
  run.stream_end = run.stream + p.stream_bytes;
  run.weights = weights;
  run.column_bytes = run.step_bytes = p.input_channels * 4;
  run.output_bytes = 2 * p.output_channels;
  for (int32_t pixel = 0; pixel < p.pixels; pixel += p.chunk) {
    const int32_t count = p.pixels - pixel < p.chunk ? p.pixels - pixel : p.chunk;
    uint32_t *to = columns;
    for (int32_t at = 0; at < count; at += 2, input += 2 * p.input_channels)
      to = pair_values(to, input, at + 1 < count ? input + p.input_channels : nullptr, p.input_channels, 0);
    run.columns = columns;
    run.output = output + pixel * p.output_channels;
    run.second_bytes = p.output_channels;
    run.pixel_pairs = count / 2;
    if (run.pixel_pairs != 0) paired_matmul_all(run, p.first_bytes);
    if (count % 2 == 0) continue;
    run.columns = columns + count / 2 * p.input_channels;
    run.output = output + (pixel + count - 1) * p.output_channels;
    run.second_bytes = 0;
    run.pixel_pairs = 1;
    paired_matmul_all(run, p.first_bytes);
  }
}

}  // namespace whit

#endif
