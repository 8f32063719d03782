// SPDX-License-Identifier: Apache-2.0
// softmax on int16, portable: exponentials and the sum's reciprocal from two tables of 513 entries, linear between them.
// Rules: docs/semantics.md, "softmax".
#ifndef WHIT_OPS_SOFTMAX_INT16_KERNEL_HPP
#define WHIT_OPS_SOFTMAX_INT16_KERNEL_HPP

#include "device/core/requantize.hpp"

namespace whit {

#define WHIT_SOFTMAX_INT16_FIELDS(FIELD) \
  FIELD(int32_t, rows) FIELD(int32_t, depth) FIELD(int32_t, multiplier) FIELD(int16_t, shift)
WHIT_PARAMETERS(SoftmaxInt16Parameters, WHIT_SOFTMAX_INT16_FIELDS)

// An entry for each 128 values, from the lowest.
WHIT_INLINE int16_t between_entries(const int16_t *table, int16_t value) {
  const int16_t *entry = table + (256 + (value >> 7));
  const int16_t base = load(entry), slope = static_cast<int16_t>(load(entry + 1) - base);
  return static_cast<int16_t>(base + ((static_cast<int32_t>(slope) * (value & 0x7F) + 64) >> 7));
}

// e^-10 to 1 in 1/32768 for a difference of 0 and less: the table's range stands for -10 to 0.
WHIT_INLINE int16_t exponential_of(const SoftmaxInt16Parameters &p, const int16_t *table, int32_t difference) {
  const int32_t scaled = requantize(difference, p.multiplier, static_cast<int8_t>(p.shift));
  return between_entries(table, static_cast<int16_t>(clamp(scaled + 32767, -32768, 32767)));
}

// output[i] * reciprocal of the sum, whose leading one is `zeros` bits from the top.
WHIT_INLINE void divide_row(const int16_t *reciprocals, int32_t sum, ptrdiff_t depth, int16_t *output) {
  int8_t zeros = 1;
  for (uint32_t bits = static_cast<uint32_t>(sum); bits < (uint32_t{1} << 30); bits <<= 1) ++zeros;
  const int32_t leading = static_cast<int32_t>(((static_cast<int64_t>(sum) << (zeros - 1)) + (1 << 13)) >> 14);
  const int32_t beyond_one = leading - ((int32_t{1} << 15) + (int32_t{1} << 16));
  const int16_t reciprocal = between_entries(reciprocals, static_cast<int16_t>(clamp(beyond_one, -32768, 32767)));
  const int8_t shift = static_cast<int8_t>(31 - zeros);
  const int32_t half = int32_t{1} << (shift - 1);
  for (ptrdiff_t i = 0; i < depth; ++i) {
    const int64_t product = static_cast<int64_t>(static_cast<int32_t>(output[i]) * reciprocal) + half;
    output[i] = static_cast<int16_t>(clamp(static_cast<int32_t>(product >> shift), 0, 32767));
  }
}

WHIT_KERNEL void softmax_int16(const SoftmaxInt16Parameters *parameters, const int16_t *exponentials,
                               const int16_t *reciprocals, const int16_t *input, int16_t *output) {
  WHIT_LOAD_PARAMETERS(SoftmaxInt16Parameters, p, parameters);
  const ptrdiff_t depth = p.depth;
  for (int32_t row = 0; row < p.rows; ++row, input += depth, output += depth) {
    int16_t largest = input[0];
    for (ptrdiff_t i = 1; i < depth; ++i)
      if (input[i] > largest) largest = input[i];
    int32_t sum = 0;
    for (ptrdiff_t i = 0; i < depth; ++i) {
      output[i] = exponential_of(p, exponentials, static_cast<int32_t>(input[i]) - largest);
      sum += output[i];
    }
    divide_row(reciprocals, sum, depth, output);
  }
}

}  // namespace whit

#endif
