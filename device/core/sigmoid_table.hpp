// SPDX-License-Identifier: Apache-2.0
// logistic and tanh on 16 bits from one table of 1 / (1 + e^-x) in steps of 1/24, whose entries are unsigned, by
// interpolation. Rules: docs/semantics.md, "Activations".
#ifndef WHIT_DEVICE_CORE_SIGMOID_TABLE_HPP
#define WHIT_DEVICE_CORE_SIGMOID_TABLE_HPP

#include "device/core/core.hpp"

namespace whit {

// The argument in 1/12288ths, |argument| cut into a table index and `bits` bits between two entries; the interpolated
// entry with as many more bits. `at_end` stands for everything behind the table.
template <int bits>
WHIT_INLINE int32_t interpolated(const int16_t *table, int32_t argument, int32_t at_end) {
  const uint32_t size = static_cast<uint32_t>(argument < 0 ? -argument : argument);
  const uint32_t index = size >> bits;
  if (index >= 255) return at_end;
  const int32_t lower = static_cast<uint16_t>(load(table + index)), upper = static_cast<uint16_t>(load(table + index + 1));
  return lower * (int32_t{1} << bits) + static_cast<int32_t>(size & ((1U << bits) - 1)) * (upper - lower);
}

// 1 / (1 + e^-argument) in 15 fraction bits.
WHIT_INLINE int16_t logistic_of_argument(const int16_t *table, int32_t argument) {
  const int32_t of_size = interpolated<9>(table, argument, int32_t{0x7FFF} << 10), half = int32_t{1} << 9;
  return static_cast<int16_t>((argument >= 0 ? of_size + half : (int32_t{1} << 25) - of_size + half - 1) >> 10);
}

// The same for tanh(x) = 2 logistic(2x) - 1, the doubled argument by reading the table twice as fast.
WHIT_INLINE int16_t tanh_of_argument(const int16_t *table, int32_t argument) {
  const int32_t of_size = interpolated<8>(table, argument, int32_t{0xFFFF} << 8);
  const int32_t middle = int32_t{1} << 23, half = int32_t{1} << 7;
  return static_cast<int16_t>((argument >= 0 ? of_size - middle + half : middle - of_size + half - 1) >> 8);
}

}  // namespace whit

#endif
