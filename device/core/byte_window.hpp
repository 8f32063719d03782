// SPDX-License-Identifier: Apache-2.0
// Windows for device/core/byte_matmul.hpp. Columns of the input (all values of one input column that a row of windows
// sees: kernel_height x channels) are copied to scratch plus 128, those of a chunk of output pixels side by side, so that
// the windows of neighbours overlap there and each value is copied once a chunk. What lies in the padding is the input's
// zero point. Weights are packed alike: window column, row, channel.
#ifndef WHIT_DEVICE_CORE_BYTE_WINDOW_HPP
#define WHIT_DEVICE_CORE_BYTE_WINDOW_HPP

#include "device/core/byte_matmul.hpp"
#include "device/core/window.hpp"

namespace whit {

#define WHIT_BYTE_WINDOW_FIELDS(FIELD)                                                      \
  WHIT_WINDOW_GEOMETRY(FIELD)                                                               \
  FIELD(int16_t, input_zero)                                                                \
  FIELD(int16_t, chunk)   /* output pixels whose windows lie in scratch together */         \
  FIELD(int16_t, columns) /* of input that they see */
WHIT_PARAMETERS(ByteWindowParameters, WHIT_BYTE_WINDOW_FIELDS)

// Fills with the zero point plus 128; returns the sum.
WHIT_INLINE ByteSum fill_padding(uint8_t *to, uint16_t count, int16_t zero) {
  const uint8_t value = static_cast<uint8_t>(zero + 128);
  ByteSum sum = 0;
  for (; count != 0; --count, sum += value) *to++ = value;
  return sum;
}

// One input column for windows whose first row is `top`; returns the sum of its values.
WHIT_KERNEL ByteSum copy_column(const ByteWindowParameters &p, const int8_t *input, uint8_t *to, int16_t top, int16_t x) {
  const uint16_t channels = static_cast<uint16_t>(p.input_channels);
  const ptrdiff_t row_bytes = static_cast<ptrdiff_t>(p.input_width) * channels;
  const bool inside = x >= 0 && x < p.input_width;
  const int8_t *from = input + top * row_bytes + static_cast<ptrdiff_t>(x) * channels;
  ByteSum sum = 0;
  for (int16_t row = p.kernel_height; row != 0; --row, ++top, from += row_bytes, to += channels)
    sum += inside && top >= 0 && top < p.input_height ? copy_biased(to, from, channels)
                                                      : fill_padding(to, channels, p.input_zero);
  return sum;
}

// Calls matmul(run) for every output pixel, row by row. `scratch`: the sums of `columns` columns, then the columns.
WHIT_INLINE void multiply_windows(const ByteWindowParameters &p, const int8_t *input, ByteMatmul &run, ByteSum *scratch,
                                  void (*matmul)(const ByteMatmul *)) {
  const uint16_t column_bytes = static_cast<uint16_t>(p.kernel_height * p.input_channels);
  const uint16_t step_bytes = static_cast<uint16_t>(p.stride_width * column_bytes);
  uint8_t *const values = reinterpret_cast<uint8_t *>(scratch + p.columns);
  run.channels = static_cast<uint8_t>(p.output_channels);
  int16_t top = static_cast<int16_t>(-p.padding_top);
  for (int16_t y = p.output_height; y != 0; --y, top = static_cast<int16_t>(top + p.stride_height)) {
    int16_t left = static_cast<int16_t>(-p.padding_left);
    for (int16_t x = p.output_width; x > 0; x = static_cast<int16_t>(x - p.chunk)) {
      uint8_t *to = values;
      for (int16_t column = 0; column < p.columns; ++column, to += column_bytes)
        scratch[column] = copy_column(p, input, to, top, static_cast<int16_t>(left + column));
      left = static_cast<int16_t>(left + p.chunk * p.stride_width);
      const ByteSum *sums = scratch;
      run.values = values;
      for (int16_t pixel = p.chunk < x ? p.chunk : x; pixel != 0; --pixel, sums += p.stride_width) {
        ByteSum sum = 0;
        for (int16_t column = 0; column < p.kernel_width; ++column) sum += sums[column];
        start_from(run, sum);
        matmul(&run);
        run.values += step_bytes;
        run.output += p.output_channels;
      }
    }
  }
}

}  // namespace whit

#endif
