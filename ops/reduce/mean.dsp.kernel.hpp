// SPDX-License-Identifier: Apache-2.0
// mean on int8 for cores with DSP instructions: values that lie side by side are summed by fours as unsigned bytes, each
// 128 too large, which zero_sum contains; kept columns are summed eight at once in 16-bit halves, which hold 256 of them.
#ifndef WHIT_OPS_REDUCE_MEAN_DSP_KERNEL_HPP
#define WHIT_OPS_REDUCE_MEAN_DSP_KERNEL_HPP

#include "device/core/instructions.dsp.hpp"
#include "device/core/mean.hpp"

namespace whit {

#if defined(__ARM_FEATURE_DSP)

WHIT_INLINE uint32_t add_values(uint32_t sum, const int8_t *values, int32_t count) {
  for (; count >= 4; count -= 4, values += 4) sum = add_unsigned_bytes(sum, load_word(values) ^ 0x80808080U);
  for (; count > 0; --count) sum += static_cast<uint32_t>(*values++ + 128);
  return sum;
}

// Averaged values lie side by side.
WHIT_KERNEL void mean_rows_dsp(const MeanInt8Parameters *parameters, const int8_t *input, int8_t *output) {
  const MeanInt8Parameters p = *parameters;
  const ptrdiff_t step = static_cast<ptrdiff_t>(p.inner_kept) * p.inner_averaged;
  for (int32_t outer = 0; outer < p.outer_kept; ++outer, input += p.outer_averaged * step)
    for (int32_t column = 0; column < p.inner_kept; ++column) {
      const int8_t *row = input + column * p.inner_averaged;
      uint32_t sum = 0;
      for (int32_t left = p.outer_averaged; left > 0; --left, row += step) sum = add_values(sum, row, p.inner_averaged);
      *output++ = mean_of_sum(p, static_cast<int32_t>(sum));
    }
}

// Both sums of a pair added to two of four columns that lie two apart.
WHIT_INLINE void add_pair(int32_t *sums, uint32_t pair) {
  sums[0] += static_cast<int16_t>(pair);
  sums[2] += static_cast<int32_t>(pair) >> 16;
}

// The means of `columns` (4 or 8) neighbouring columns of `rows` rows, `step` bytes apart.
template <int columns>
WHIT_INLINE void mean_columns(const MeanInt8Parameters &p, const int8_t *input, int8_t *output) {
  int32_t sums[columns] = {};
  for (int32_t left = p.outer_averaged; left > 0;) {
    const int32_t rows = left < 256 ? left : 256;
    uint32_t even[columns / 4] = {}, odd[columns / 4] = {};
    for (const int8_t *end = input + rows * p.inner_kept; input != end; input += p.inner_kept)
      for (int word = 0; word < columns / 4; ++word) {
        const uint32_t four = load_word(input + 4 * word);
        even[word] = add_even(even[word], four);
        odd[word] = add_odd(odd[word], four);
      }
    for (int word = 0; word < columns / 4; ++word) {
      add_pair(sums + 4 * word, even[word]);
      add_pair(sums + 4 * word + 1, odd[word]);
    }
    left -= rows;
  }
  for (int column = 0; column < columns; ++column) output[column] = mean_of_sum(p, sums[column]);
}

// Kept columns, at least four, lie side by side. The last eight or four overlap those before.
WHIT_KERNEL void mean_columns_dsp(const MeanInt8Parameters *parameters, const int8_t *input, int8_t *output) {
  const MeanInt8Parameters p = *parameters;
  for (int32_t outer = 0; outer < p.outer_kept; ++outer, input += p.outer_averaged * p.inner_kept, output += p.inner_kept) {
    int32_t column = 0;
    for (; column + 8 <= p.inner_kept; column += 8) mean_columns<8>(p, input + column, output + column);
    for (; column + 4 <= p.inner_kept; column += 4) mean_columns<4>(p, input + column, output + column);
    if (column < p.inner_kept) mean_columns<4>(p, input + p.inner_kept - 4, output + p.inner_kept - 4);
  }
}

#endif

}  // namespace whit

#endif
