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

// e^x = series * 2^k
struct Exponential {
  float series;
  int16_t k;
};

// x = k ln 2 + r with |r| <= ln 2 / 2, and the Taylor series of e^r up to r^7 (the rest is below 6e-9).
WHIT_INLINE Exponential exponential_of(float x) {
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
  const Exponential result = {series, k};
  return result;
}

// e^x within two units in the last place from -87 to 87; what other functions are made of: 0 below, e^87 above, so that one
// over it is no subnormal number, which AVR's division rounds wrong.
WHIT_KERNEL float exp_float(float x) {
  if (!(x >= -87.0F)) return x < -87.0F ? 0.0F : x;
  const Exponential result = exponential_of(x > 87.0F ? 87.0F : x);
  return result.series * power_of_two(result.k);
}

// The bits of a float and back.
WHIT_INLINE uint32_t bits_of_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

WHIT_INLINE float float_of_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// The one not-a-number that whit's functions give.
WHIT_INLINE float not_a_number() { return float_of_bits(0x7FC00000U); }
WHIT_INLINE float infinity() { return float_of_bits(0x7F800000U); }

WHIT_INLINE float absolute(float value) { return float_of_bits(bits_of_float(value) & 0x7FFFFFFFU); }
WHIT_INLINE float with_sign_of(float size, float sign) {
  return float_of_bits(bits_of_float(size) | (bits_of_float(sign) & 0x80000000U));
}

// Towards zero, exact; from 2^23 on every float is whole.
WHIT_INLINE float truncate_float(float value) {
  if (!(absolute(value) < 8388608.0F)) return value;
  return with_sign_of(absolute(static_cast<float>(static_cast<int32_t>(value))), value);
}

WHIT_INLINE float floor_float(float value) {
  const float whole = truncate_float(value);
  return whole > value ? whole - 1.0F : whole;
}

WHIT_INLINE float ceil_float(float value) {
  const float whole = truncate_float(value);
  return with_sign_of(absolute(whole < value ? whole + 1.0F : whole), value);
}

// To nearest, halves to even.
WHIT_INLINE float round_float(float value) {
  const float size = absolute(value);
  if (!(size < 8388608.0F)) return value;
  int32_t whole = static_cast<int32_t>(size);
  const float rest = size - static_cast<float>(whole);
  if (rest > 0.5F || (rest == 0.5F && (whole & 1) != 0)) ++whole;
  return with_sign_of(static_cast<float>(whole), value);
}

// value = significand * 2^exponent with 2^23 <= significand < 2^24, for a positive finite number.
struct Binary {
  uint32_t significand;
  int16_t exponent;
};

WHIT_INLINE Binary binary_of(float value) {
  const uint32_t bits = bits_of_float(value);
  Binary binary = {bits & 0x7FFFFFU, static_cast<int16_t>((bits >> 23) - 150)};
  if (bits >> 23 != 0) {
    binary.significand |= 0x800000U;
    return binary;
  }
  binary.exponent = -149;
  for (; binary.significand < 0x800000U; binary.significand <<= 1) --binary.exponent;
  return binary;
}

// The square root, rounded to nearest: the integer root of the significand bit by bit, 25 bits of it.
WHIT_KERNEL float sqrt_float(float value) {
  if (value == 0.0F) return value;
  if (!(value > 0.0F)) return not_a_number();
  if (value == infinity()) return value;
  Binary x = binary_of(value);
  const int16_t doublings = (x.exponent & 1) != 0 ? 1 : 2;  // which leave an even exponent
  x.significand <<= doublings;
  x.exponent = static_cast<int16_t>(x.exponent - doublings);
  // root = floor(sqrt(significand * 2^24)), of 25 bits
  uint32_t root = 0, rest = 0;
  uint32_t digits = x.significand << 6;  // two bits of the radicand a step, from the top
  for (int8_t step = 0; step < 25; ++step) {
    rest = (rest << 2) | (digits >> 30);
    digits <<= 2;
    const uint32_t trial = (root << 2) | 1U;
    root <<= 1;
    if (rest >= trial) {
      rest -= trial;
      root |= 1U;
    }
  }
  // 25 bits of root hold one bit below the result's last; a rest breaks the tie upwards.
  const uint32_t rounded = (root + 1U) >> 1;
  return static_cast<float>(rounded) * power_of_two(static_cast<int16_t>((x.exponent - 24) / 2 + 1));
}

// The remainder of first / second with the sign of `first`, exact: a long division of the significands.
WHIT_KERNEL float remainder_float(float first, float second) {
  const float divisor = absolute(second), size = absolute(first);
  if (!(size < infinity()) || !(divisor > 0.0F)) return not_a_number();
  if (size < divisor) return first;
  const Binary a = binary_of(size), b = binary_of(divisor);
  uint32_t rest = a.significand;
  for (int16_t exponent = a.exponent;; --exponent, rest <<= 1) {
    if (rest >= b.significand) rest -= b.significand;
    if (exponent == b.exponent) break;
  }
  const float scaled = static_cast<float>(rest) * power_of_two(static_cast<int16_t>(b.exponent < -126 ? -126 : b.exponent));
  return with_sign_of(b.exponent < -126 ? scaled * power_of_two(static_cast<int16_t>(b.exponent + 126)) : scaled, first);
}

// The natural logarithm within two units in the last place: x = m 2^k with m from sqrt(1/2) to sqrt(2), and
// ln m = 2 (s + s^3 / 3 + s^5 / 5 + ...) with s = (m - 1) / (m + 1), |s| < 0.172.
WHIT_KERNEL float log_float(float value) {
  if (value == 0.0F) return -infinity();
  if (!(value > 0.0F)) return not_a_number();
  if (value == infinity()) return value;
  const Binary x = binary_of(value);
  float m = static_cast<float>(x.significand) * power_of_two(-23);
  int16_t k = static_cast<int16_t>(x.exponent + 23);
  if (m > 1.41421356F) {
    m *= 0.5F;
    ++k;
  }
  const float s = (m - 1.0F) / (m + 1.0F), square = s * s;
  float series = 2.0F / 9.0F;
  series = series * square + 2.0F / 7.0F;
  series = series * square + 2.0F / 5.0F;
  series = series * square + 2.0F / 3.0F;
  series = series * square * s + 2.0F * s;
  const float whole = static_cast<float>(k);
  return whole * 0.693359375F + (series - whole * 2.12194440e-4F);
}

// e^x of any x, to infinity and through the subnormal numbers: the power of two in two factors.
WHIT_KERNEL float exp_of_any(float x) {
  if (!(x >= -104.0F)) return x < -104.0F ? 0.0F : x;
  if (x > 89.0F) return infinity();
  const Exponential result = exponential_of(x);
  const int16_t half = static_cast<int16_t>(result.k / 2);
  return result.series * power_of_two(half) * power_of_two(static_cast<int16_t>(result.k - half));
}

// e^x - 1; near 0, where that difference loses digits, the Taylor series up to x^7.
WHIT_INLINE float exp_minus_one(float x) {
  if (!(absolute(x) < 0.25F)) return exp_float(x) - 1.0F;
  float series = 1.0F / 5040.0F;
  series = series * x + 1.0F / 720.0F;
  series = series * x + 1.0F / 120.0F;
  series = series * x + 1.0F / 24.0F;
  series = series * x + 1.0F / 6.0F;
  series = series * x + 0.5F;
  return series * x * x + x;
}

// 1 / (1 + e^-x)
WHIT_INLINE float logistic_float(float x) { return 1.0F / (1.0F + exp_float(-x)); }

// (1 - e^-2x) / (1 + e^-2x) for x >= 0, odd; near 0, where that difference loses digits, the Taylor series up to x^9.
WHIT_INLINE float tanh_float(float x) {
  const float size = x < 0.0F ? -x : x;
  if (size < 0.25F) {
    const float square = x * x;
    float series = 62.0F / 2835.0F;
    series = series * square - 17.0F / 315.0F;
    series = series * square + 2.0F / 15.0F;
    series = series * square - 1.0F / 3.0F;
    return x + x * (series * square);
  }
  const float decay = exp_float(-2.0F * size);
  const float result = (1.0F - decay) / (1.0F + decay);
  return x < 0.0F ? -result : result;
}

// x = k pi / 2 + r with |r| <= pi / 4; of k the last two bits.
struct QuarterTurns {
  int32_t k;
  float r;
};

// pi / 2 is taken off in three parts, of which two have so few bits that their products with k are exact.
WHIT_INLINE QuarterTurns quarters_of_small(float x) {
  const float turns = round_float(x * 0.636619772F);
  const QuarterTurns result = {static_cast<int32_t>(turns),
                               ((x - turns * 1.5703125F) - turns * 4.8375129699707e-4F) - turns * 7.549790126e-8F};
  return result;
}

// x = significand * 2^exponent times those 64 bits of 2 / pi that count (Payne and Hanek): the bits above make whole
// turns. The product's first two bits are the quarters, the others what is left of one.
WHIT_KERNEL QuarterTurns quarters_of_large(float x) {
  static const uint16_t two_over_pi[] WHIT_CONSTANT = {0, 0, 0xA2F9, 0x836E, 0x4E44, 0x1529, 0xFC27, 0x57D1, 0xF534, 0xDDC0, 0xDB62, 0x9599, 0x3C43, 0x9041};
  const Binary size = binary_of(absolute(x));
  const int16_t first = static_cast<int16_t>(size.exponent + 30);  // bit of the table where the product's first bit begins
  const uint16_t *words = two_over_pi + first / 16;
  uint64_t bits = 0;
  for (int8_t word = 0; word < 4; ++word) bits = (bits << 16) | load(words + word);
  bits = (bits << first % 16) | (static_cast<uint32_t>(load(words + 4)) >> (16 - first % 16));
  const uint32_t turns = static_cast<uint32_t>((bits * size.significand) >> 32);
  const uint32_t k = (turns + (1UL << 29)) >> 30;
  const float r = static_cast<float>(static_cast<int32_t>(turns - (k << 30))) * 1.46291808e-9F;  // pi / 2 * 2^-30
  const QuarterTurns result = {x < 0.0F ? -static_cast<int32_t>(k) : static_cast<int32_t>(k), x < 0.0F ? -r : r};
  return result;
}

// sin(x + quarters pi / 2) within 2e-7.
WHIT_KERNEL float sine_of_quarters(float x, int32_t quarters) {
  if (!(absolute(x) < infinity())) return not_a_number();
  const QuarterTurns turns = absolute(x) < 8192.0F ? quarters_of_small(x) : quarters_of_large(x);
  const float r = turns.r;
  const int32_t quarter = (turns.k + quarters) & 3;
  const float square = r * r;
  float value;
  if ((quarter & 1) == 0) {
    float series = 1.0F / 362880.0F;
    series = series * square - 1.0F / 5040.0F;
    series = series * square + 1.0F / 120.0F;
    series = series * square - 1.0F / 6.0F;
    value = series * square * r + r;
  } else {
    float series = 1.0F / 40320.0F;
    series = series * square - 1.0F / 720.0F;
    series = series * square + 1.0F / 24.0F;
    series = series * square - 0.5F;
    value = series * square + 1.0F;
  }
  return (quarter & 2) == 0 ? value : -value;
}

}  // namespace whit

#endif
