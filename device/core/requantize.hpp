// SPDX-License-Identifier: Apache-2.0
// From a 32-bit accumulator back to a narrow type: docs/semantics.md, "Requantisation".
#ifndef WHIT_DEVICE_CORE_REQUANTIZE_HPP
#define WHIT_DEVICE_CORE_REQUANTIZE_HPP

#include "device/core/core.hpp"

namespace whit {

WHIT_INLINE int32_t clamp(int32_t value, int32_t low, int32_t high) {
  return value < low ? low : (value > high ? high : value);
}

WHIT_INLINE float clamp_float(float value, float low, float high) {
  return value < low ? low : (value > high ? high : value);
}

// The high half of 2*a*b, rounded to nearest (halves up); the one overflow saturates. Taking the upper word of a
// doubled product keeps small cores from shifting 64 bits.
WHIT_INLINE int32_t doubling_high_multiply(int32_t a, int32_t b) {
  if (a == INT32_MIN && b == INT32_MIN) return INT32_MAX;
  const int64_t product = static_cast<int64_t>(a) * b;
  return static_cast<int32_t>((product * 2 + (int64_t{1} << 31)) >> 32);
}

// value / 2^exponent, rounded to nearest, halves away from zero. 0 <= exponent <= 31.
WHIT_INLINE int32_t divide_by_power_of_two(int32_t value, int32_t exponent) {
  const int32_t mask = static_cast<int32_t>((uint32_t{1} << exponent) - 1U);
  const int32_t remainder = value & mask;
  const int32_t threshold = (mask >> 1) + (value < 0 ? 1 : 0);
  return (value >> exponent) + (remainder > threshold ? 1 : 0);
}

// value * multiplier * 2^(shift - 31); shift > 0 goes left (wrapping, as the reference does), shift < 0 right.
WHIT_INLINE int32_t requantize(int32_t value, int32_t multiplier, int32_t shift) {
  const int32_t left = shift > 0 ? shift : 0;
  const int32_t right = shift > 0 ? 0 : -shift;
  const int32_t shifted = static_cast<int32_t>(static_cast<uint32_t>(value) << left);
  return divide_by_power_of_two(doubling_high_multiply(shifted, multiplier), right);
}

}  // namespace whit

#endif
