// SPDX-License-Identifier: Apache-2.0
// Sums of 32 or 64 bits back to 16-bit data: docs/semantics.md, "conv2d".
#ifndef WHIT_DEVICE_CORE_REQUANTIZE_SUM_HPP
#define WHIT_DEVICE_CORE_REQUANTIZE_SUM_HPP

#include "device/core/requantize.hpp"

namespace whit {

// A senseless bias wraps.
WHIT_INLINE int64_t wrapping_sum(int64_t sum, int64_t more) {
  return static_cast<int64_t>(static_cast<uint64_t>(sum) + static_cast<uint64_t>(more));
}
WHIT_INLINE int32_t wrapping_sum(int32_t sum, int32_t more) {
  return static_cast<int32_t>(static_cast<uint32_t>(sum) + static_cast<uint32_t>(more));
}

WHIT_INLINE int32_t requantize_sum(int32_t sum, int32_t multiplier, int8_t shift) {
  return requantize(sum, multiplier, shift);
}

// Of 64 bits with the multiplier rounded to 16, so that the product of any sum of 48 bits has room; wider ones, which only
// a senseless bias makes, lose their upper bits. Halves go up.
WHIT_INLINE int32_t requantize_sum(int64_t sum, int32_t multiplier, int8_t shift) {
  const int32_t narrow = multiplier < 0x7FFF0000 ? (multiplier + (int32_t{1} << 15)) >> 16 : 0x7FFF;
  const int8_t right = static_cast<int8_t>(15 - shift);
  const uint64_t product = static_cast<uint64_t>(sum) * static_cast<uint64_t>(static_cast<int64_t>(narrow));
  return static_cast<int32_t>(static_cast<int64_t>(product + (uint64_t{1} << (right - 1))) >> right);
}

}  // namespace whit

#endif
