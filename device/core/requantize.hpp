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

// The 64-bit product by four multiplications of 16-bit halves, for cores with a 32-bit multiplier but no wide one: of
// a * b + 2^30 only the bits from 2^16 on are formed, which is exact since nothing below carries into them.
WHIT_INLINE int32_t doubling_high_multiply_by_halves(int32_t a, int32_t b) {
  const int16_t a_high = static_cast<int16_t>(a >> 16), b_high = static_cast<int16_t>(b >> 16);
  const uint16_t a_low = static_cast<uint16_t>(a), b_low = static_cast<uint16_t>(b);
  const int32_t middle = static_cast<int32_t>(a_high) * b_low, other_middle = static_cast<int32_t>(b_high) * a_low;
  const uint32_t low = static_cast<uint32_t>(a_low) * b_low;
  const uint32_t carry = static_cast<uint32_t>(static_cast<uint16_t>(middle)) + static_cast<uint16_t>(other_middle) +
                         static_cast<uint16_t>(low >> 16) + 0x4000U;
  const int32_t high = static_cast<int32_t>(a_high) * b_high + static_cast<int32_t>(static_cast<int16_t>(middle >> 16)) +
                       static_cast<int16_t>(other_middle >> 16) + static_cast<int16_t>(carry >> 16);
  return static_cast<int32_t>(static_cast<uint32_t>(high) << 1) + static_cast<int32_t>((carry >> 15) & 1U);
}

// The high half of 2*a*b, rounded to nearest (halves up); the one overflow saturates. Taking the upper word of a
// doubled product keeps small cores from shifting 64 bits.
WHIT_INLINE int32_t doubling_high_multiply(int32_t a, int32_t b) {
  if (a == INT32_MIN && b == INT32_MIN) return INT32_MAX;
#if defined(__ARM_ARCH_6M__)
  return doubling_high_multiply_by_halves(a, b);
#else
  const int64_t product = static_cast<int64_t>(a) * b;
  return static_cast<int32_t>((product * 2 + (int64_t{1} << 31)) >> 32);
#endif
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
