// SPDX-License-Identifier: Apache-2.0
// Widens columns of a channel_last input for device/core/matmul.dsp.hpp: all the values of one input column that a
// convolution's window sees (rows x channels), as 16-bit pairs. Each pair is one word, followed by the word of the
// other pixel of the matrix product; the caller fills the two pixels' words in two calls.
//
// A filler is a type with a function `fill`; they differ in which channels they take and in the order of the values
// within a column, which the host packs weights alike:
//   FillFours   channels by fours: row by row, channels 0 2 1 3, 4 6 5 7...
//   FillThrees  three channels: channels 0 2 of each row; then channel 1 of rows 0 1, 2 3, ...
//   FillPlain   any: row by row, channel by channel
#ifndef WHIT_DEVICE_CORE_COLUMNS_DSP_HPP
#define WHIT_DEVICE_CORE_COLUMNS_DSP_HPP

#include "device/core/instructions.dsp.hpp"

#if defined(__ARM_FEATURE_DSP)

namespace whit {

struct ColumnSource {
  const int8_t *input;
  int32_t height, width, channels;
  int32_t rows;          // of the window
  int32_t column_words;  // from one column to the next in the filled memory
  int32_t zero;          // what stands in the padding
};

// How many of the columns [first, last) lie left of the input, in it, right of it.
struct ColumnSplit {
  int32_t left, inside, right;
};

WHIT_INLINE ColumnSplit split_columns(int32_t first, int32_t last, int32_t width) {
  ColumnSplit split;
  const int32_t count = last - first;
  split.left = first >= 0 ? 0 : (-first < count ? -first : count);
  const int32_t beyond = last - width;
  split.right = beyond <= 0 ? 0 : (beyond < count - split.left ? beyond : count - split.left);
  split.inside = count - split.left - split.right;
  return split;
}

struct FillFours {
  // `pairs` equal words, every other one, in each of `columns` columns.
  WHIT_INLINE uint32_t *padding(uint32_t *to, int32_t columns, int32_t pairs, uint32_t zeros, int32_t skip) {
    for (; columns > 0; --columns, to += skip)
      for (int32_t pair = 0; pair < pairs; ++pair, to += 2) *to = zeros;
    return to;
  }

  WHIT_INLINE uint32_t *values(uint32_t *to, const int8_t *from, int32_t columns, int32_t channels, int32_t skip) {
    for (; columns > 0; --columns, to += skip) {
      int32_t left = channels;
      for (; left >= 8; left -= 8, from += 8, to += 8) {
        const uint32_t first = load_word(from), second = load_word(from + 4);
        to[0] = widen_even(first);
        to[2] = widen_odd(first);
        to[4] = widen_even(second);
        to[6] = widen_odd(second);
      }
      if (left == 0) continue;
      const uint32_t bytes = load_word(from);
      to[0] = widen_even(bytes);
      to[2] = widen_odd(bytes);
      from += 4;
      to += 4;
    }
    return to;
  }

  WHIT_INLINE void fill(const ColumnSource &source, uint32_t *to, int32_t top, int32_t first, int32_t last) {
    const uint32_t zeros = pair_of(source.zero);
    const ColumnSplit split = split_columns(first, last, source.width);
    const int32_t pairs = source.channels / 2, skip = source.column_words - source.channels;
    for (int32_t row = 0; row < source.rows; ++row, to += source.channels) {
      const int32_t y = top + row;
      if (y < 0 || y >= source.height) {
        padding(to, last - first, pairs, zeros, skip);
        continue;
      }
      const int8_t *from = source.input + (y * source.width + first + split.left) * source.channels;
      uint32_t *column = padding(to, split.left, pairs, zeros, skip);
      column = values(column, from, split.inside, source.channels, skip);
      padding(column, split.right, pairs, zeros, skip);
    }
  }
};

struct FillThrees {
  // Channels 0 and 2 of a row go to `even`, channel 1 of rows `upper` and `lower` to `middle`. `upper_step` and
  // `lower_step` are 3, or 0 for a row of the padding, whose word is read again and again.
  WHIT_INLINE void two_rows(uint32_t *even, uint32_t *middle, const int8_t *upper, const int8_t *lower,
                            int32_t upper_step, int32_t lower_step, int32_t columns, int32_t column_words) {
    for (; columns > 0; --columns, even += column_words, middle += column_words) {
      const uint32_t high = load_word(upper), low = load_word(lower);
      upper += upper_step;
      lower += lower_step;
      even[0] = widen_even(high);
      even[2] = widen_even(low);
      middle[0] = join_low(widen_odd(high), widen_odd(low));
    }
  }

  WHIT_INLINE void one_row(uint32_t *even, uint32_t *middle, const int8_t *from, int32_t step, int32_t columns,
                           int32_t column_words) {
    for (; columns > 0; --columns, even += column_words, middle += column_words, from += step) {
      const uint32_t bytes = load_word(from);
      even[0] = widen_even(bytes);
      middle[0] = widen_odd(bytes);
    }
  }

  // `columns` columns from input column x on, all of them in the input or all in the padding.
  WHIT_INLINE void part(const ColumnSource &source, uint32_t *to, int32_t top, int32_t x, int32_t columns,
                        const int8_t *zeros) {
    const bool inside = x >= 0 && x < source.width;
    for (int32_t row = 0; row < source.rows; row += 2) {
      const int32_t y = top + row;
      const bool upper = inside && y >= 0 && y < source.height, lower = inside && y + 1 >= 0 && y + 1 < source.height;
      const int8_t *from = source.input + (y * source.width + x) * 3;
      uint32_t *even = to + 2 * row, *middle = to + 2 * source.rows + row;
      if (row + 1 < source.rows)
        two_rows(even, middle, upper ? from : zeros, lower ? from + source.width * 3 : zeros, upper ? 3 : 0,
                 lower ? 3 : 0, columns, source.column_words);
      else
        one_row(even, middle, upper ? from : zeros, upper ? 3 : 0, columns, source.column_words);
    }
  }

  // The input's last column, pixel by pixel: a word at its last pixel would reach beyond the input.
  WHIT_INLINE void last_column(const ColumnSource &source, uint32_t *to, int32_t top, uint32_t zeros) {
    uint32_t pixels[2];
    for (int32_t row = 0; row < source.rows; row += 2) {
      for (int32_t below = 0; below < 2; ++below) {
        const int32_t y = top + row + below;
        pixels[below] = zeros;
        if (y < 0 || y >= source.height) continue;
        const uint8_t *from = reinterpret_cast<const uint8_t *>(source.input) + (y + 1) * source.width * 3 - 3;
        pixels[below] = static_cast<uint32_t>(from[0]) | static_cast<uint32_t>(from[1]) << 8 |
                        static_cast<uint32_t>(from[2]) << 16;
      }
      to[2 * row] = widen_even(pixels[0]);
      if (row + 1 < source.rows) to[2 * row + 2] = widen_even(pixels[1]);
      to[2 * source.rows + row] = join_low(widen_odd(pixels[0]), widen_odd(pixels[1]));
    }
  }

  WHIT_INLINE void fill(const ColumnSource &source, uint32_t *to, int32_t top, int32_t first, int32_t last) {
    const uint32_t zeros = (static_cast<uint32_t>(source.zero) & 0xFFU) * 0x01010101U;
    const int8_t *zero_bytes = reinterpret_cast<const int8_t *>(&zeros);
    const ColumnSplit split = split_columns(first, last, source.width);
    part(source, to, top, -1, split.left, zero_bytes);
    to += split.left * source.column_words;
    const bool reaches_end = split.inside > 0 && first + split.left + split.inside == source.width;
    const int32_t whole = split.inside - (reaches_end ? 1 : 0);
    part(source, to, top, first + split.left, whole, zero_bytes);
    to += whole * source.column_words;
    if (reaches_end) {
      last_column(source, to, top, zeros);
      to += source.column_words;
    }
    part(source, to, top, -1, split.right, zero_bytes);
  }
};

struct FillPlain {
  WHIT_INLINE void fill(const ColumnSource &source, uint32_t *to, int32_t top, int32_t first, int32_t last) {
    for (int32_t x = first; x < last; ++x, to += source.column_words) {
      int32_t index = 0;
      for (int32_t row = 0; row < source.rows; ++row) {
        const int32_t y = top + row;
        const bool inside = x >= 0 && x < source.width && y >= 0 && y < source.height;
        const int8_t *from = source.input + (y * source.width + x) * source.channels;
        for (int32_t channel = 0; channel < source.channels; ++channel, ++index)
          reinterpret_cast<int16_t *>(to)[(index >> 1) * 4 + (index & 1)] =
              static_cast<int16_t>(inside ? from[channel] : source.zero);
      }
    }
  }
};

}  // namespace whit

#endif
#endif
