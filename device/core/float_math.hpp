// SPDX-License-Identifier: Apache-2.0
// Transcendental functions in single precision, without libm: only +, -, * and bits, so every chip gives the same bits.
#ifndef WHIT_DEVICE_CORE_FLOAT_MATH_HPP
#define WHIT_DEVICE_CORE_FLOAT_MATH_HPP

#include "device/core/core.hpp"

namespace whit {

// 2^exponent, -126 <= exponent <= 127, from the bits of IEEE 754.
WHIT_INLINE float power_of_two(int16_t exponent) {
  const uint32_t bits = static_cast<uint32_t>(exponent + 127) << 23;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// e^x within two units in the last place; 0 where it would be subnormal, e^88 beyond 88.
// x = k ln 2 + r with |r| <= ln 2 / 2: 2^k times the Taylor series of e^r up to r^7 (the rest is below 6e-9).
WHIT_KERNEL float exp_float(float x) {
  if (!(x >= -87.0F)) return 0.0F;
  if (x > 88.0F) x = 88.0F;
  const float log2_of_e = 1.44269504F;
  const float ln2_high = 0.693359375F;   // nine bits: its products with k are exact
  const float ln2_low = -2.12194440e-4F;  // ln 2 - ln2_high
  const float quotient = x * log2_of_e;
  const int16_t k = static_cast<int16_t>(quotient + (x < 0.0F ? -0.5F : 0.5F));
  const float whole = static_cast<float>(k);
  const float r = (x - whole * ln2_high) - whole * ln2_low;
  float series = 1.0F / 5040.0F;
  series = series * r + 1.0F / 720.0F;
  series = series * r + 1.0F / 120.0F;
  series = series * r + 1.0F / 24.0F;
  series = series * r + 1.0F / 6.0F;
  series = series * r + 0.5F;
  series = series * r * r + r + 1.0F;
  return series * power_of_two(k);
}

}  // namespace whit

#endif
