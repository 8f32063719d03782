// SPDX-License-Identifier: Apache-2.0
// The filler of columns (columns.dsp.hpp) for 16-bit data of zero point 0, which are copied as they are.
#ifndef WHIT_DEVICE_CORE_COPY_COLUMNS_DSP_HPP
#define WHIT_DEVICE_CORE_COPY_COLUMNS_DSP_HPP

#include "device/core/columns.dsp.hpp"

#if defined(__ARM_FEATURE_DSP)

namespace whit {

// Values row by row, channel by channel. An even count of channels goes by pairs.
struct CopyColumns {
  WHIT_INLINE uint32_t *pairs(uint32_t *to, const int16_t *from, int32_t count) {
    for (; count >= 4; count -= 4, from += 8, to += 8) {
      const uint32_t first = load_word(from), second = load_word(from + 2);
      const uint32_t third = load_word(from + 4), fourth = load_word(from + 6);
      to[0] = first;
      to[2] = second;
      to[4] = third;
      to[6] = fourth;
    }
    for (; count > 0; --count, from += 2, to += 2) *to = load_word(from);
    return to;
  }

  WHIT_INLINE void zeros(uint32_t *to, int32_t count) {
    for (; count > 0; --count, to += 2) *to = 0;
  }

  // Where the `index`-th value of a column lies.
  WHIT_INLINE int16_t *place(uint32_t *to, int32_t index) {
    return reinterpret_cast<int16_t *>(to) + (index >> 1) * 4 + (index & 1);
  }

  WHIT_INLINE void singles(uint32_t *to, int32_t index, const int16_t *from, int32_t rows, int32_t channels, int32_t row_values) {
    for (; rows > 0; --rows, from += row_values)
      for (int32_t channel = 0; channel < channels; ++channel, ++index) *place(to, index) = from[channel];
  }

  WHIT_INLINE void fill(const ColumnSource &source, uint32_t *to, int32_t top, int32_t first, int32_t last) {
    const int32_t channels = source.channels, row_values = source.width * channels, pairs_in_column = source.column_words / 2;
    const int32_t above = top < 0 ? (-top < source.rows ? -top : source.rows) : 0;
    int32_t below = source.height - top < source.rows ? source.height - top : source.rows;  // the first row of the window there
    if (below < above) below = above;
    const bool whole = above == 0 && below == source.rows;
    const int16_t *from = reinterpret_cast<const int16_t *>(source.input) + (top + above) * row_values + first * channels;
    for (int32_t x = first; x < last; ++x, to += source.column_words, from += channels) {
      const bool inside = x >= 0 && x < source.width;
      if (!inside || !whole) zeros(to, pairs_in_column);
      if (!inside) continue;
      const int32_t index = above * channels;
      if (channels % 2 != 0) {
        singles(to, index, from, below - above, channels, row_values);
        continue;
      }
      uint32_t *row = to + index;
      for (int32_t y = above; y < below; ++y) row = pairs(row, from + (y - above) * row_values, channels / 2);
    }
  }
};

}  // namespace whit

#endif
#endif
