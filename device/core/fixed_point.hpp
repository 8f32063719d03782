// SPDX-License-Identifier: Apache-2.0
// Transcendental functions in 32-bit fixed point: docs/semantics.md, "Fixed-point functions".
//
// QI.F names a signed number with I integer and F fraction bits, I + F = 31. Products and roundings are those of the
// TensorFlow Lite quantisation arithmetic, so every bit of the result is defined.
#ifndef WHIT_DEVICE_CORE_FIXED_POINT_HPP
#define WHIT_DEVICE_CORE_FIXED_POINT_HPP

#include "device/core/requantize.hpp"

namespace whit {

// value * 2^exponent, clamped to 32 bits.
WHIT_INLINE int32_t saturating_shift_left(int32_t value, int8_t exponent) {
  const int32_t limit = INT32_MAX >> exponent;
  if (value > limit) return INT32_MAX;
  if (value < -limit) return INT32_MIN;
  return static_cast<int32_t>(static_cast<uint32_t>(value) << exponent);
}

// e^a for a in [-1/4, 0), both Q0.31: the Taylor series of fourth order around -1/8.
WHIT_INLINE int32_t exp_on_last_quarter(int32_t a) {
  const int32_t exp_of_minus_eighth = 1895147668;
  const int32_t third = 715827883;
  const int32_t x = a + (int32_t{1} << 28);
  const int32_t x2 = doubling_high_multiply(x, x);
  const int32_t x3 = doubling_high_multiply(x2, x);
  const int32_t x4 = doubling_high_multiply(x2, x2);
  const int32_t cubic_and_quartic = doubling_high_multiply(divide_by_power_of_two(x4, 2) + x3, third);
  const int32_t above_linear = divide_by_power_of_two(cubic_and_quartic + x2, 1);
  return exp_of_minus_eighth + doubling_high_multiply(exp_of_minus_eighth, x + above_linear);
}

// e^a for a <= 0 with `fraction_bits` fraction bits (26 or more); the result is Q0.31, 1 being its largest value.
// a = -(quarters) - rest: the rest by the series, each bit of the number of quarters by one factor e^-(2^bit / 4).
WHIT_KERNEL int32_t exp_on_negative_values(int32_t a, int8_t fraction_bits) {
  static const int32_t factors[] WHIT_CONSTANT = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  if (a == 0) return INT32_MAX;
  const int32_t quarter = int32_t{1} << (fraction_bits - 2);
  const int32_t rest = (a & (quarter - 1)) - quarter;
  int32_t result = exp_on_last_quarter(static_cast<int32_t>(static_cast<uint32_t>(rest) << (31 - fraction_bits)));
  int32_t quarters = (rest - a) >> (fraction_bits - 2);
  for (const int32_t *factor = factors; quarters != 0; ++factor, quarters >>= 1)
    if ((quarters & 1) != 0) result = doubling_high_multiply(result, load(factor));
  return result;
}

// 2 / (1 + a) for a in [0, 1], Q0.31, as Q2.29: three Newton-Raphson steps x += x (1 - d x) towards 1 / d with
// d = (1 + a) / 2, from the line 48/17 - 32/17 d.
WHIT_KERNEL int32_t two_over_one_plus_x(int32_t a) {
  const int32_t forty_eight_seventeenths = 1515870810;
  const int32_t minus_thirty_two_seventeenths = -1010580540;
  const int32_t one = int32_t{1} << 29;
  const int32_t denominator = static_cast<int32_t>((static_cast<int64_t>(a) + INT32_MAX + 1) >> 1);
  int32_t x = forty_eight_seventeenths + doubling_high_multiply(denominator, minus_thirty_two_seventeenths);
  for (int8_t step = 0; step < 3; ++step) {
    const int32_t error = one - doubling_high_multiply(denominator, x);
    x += saturating_shift_left(doubling_high_multiply(x, error), 2);
  }
  return x;
}

// 1 / (1 + a) for a in [0, 1], both Q0.31.
WHIT_INLINE int32_t one_over_one_plus_x(int32_t a) { return saturating_shift_left(two_over_one_plus_x(a), 1); }

// (1 - a) / (1 + a) for a in [0, 1], both Q0.31.
WHIT_INLINE int32_t one_minus_x_over_one_plus_x(int32_t a) {
  return saturating_shift_left(two_over_one_plus_x(a) - (int32_t{1} << 29), 2);
}

// 1 / value = reciprocal * 2^-exponent, reciprocal in Q0.31; value > 0 has `integer_bits` integer bits.
struct Reciprocal {
  int32_t reciprocal;
  int8_t exponent;
};

WHIT_INLINE Reciprocal reciprocal_of(int32_t value, int8_t integer_bits) {
  int8_t shift = 1;  // brings the leading one out at the top: value = 2^k (1 + a)
  for (uint32_t bits = static_cast<uint32_t>(value); bits < (uint32_t{1} << 30); bits <<= 1) ++shift;
  const uint32_t normal = static_cast<uint32_t>(value) << shift;
  Reciprocal result = {one_over_one_plus_x(static_cast<int32_t>(normal - (uint32_t{1} << 31))),
                       static_cast<int8_t>(integer_bits - shift)};
  return result;
}

// 1 / sqrt(value) = multiplier * 2^(shift - 31), shift <= 0.
struct InverseRoot {
  int32_t multiplier;
  int32_t shift;
};

// value = 4^k v with v in Q3.28, at least 1/4: five Newton steps x += x (1 - v x^2) / 2 from 1, written as
// 3/2 x - v/2 x^3, each product rounded; the result carries sqrt(1/2). For 1 and below it is 1.
WHIT_KERNEL InverseRoot inverse_root(int32_t value) {
  InverseRoot result = {INT32_MAX, 0};
  if (value <= 1) return result;
  int32_t shift = 11;
  for (; value >= int32_t{1} << 29; value /= 4) ++shift;
  for (; value < int32_t{1} << 27; value <<= 2) --shift;
  const int32_t one = int32_t{1} << 28, three_halves = one + one / 2, root_of_half = 1518500250;
  const int32_t half = divide_by_power_of_two(value >> 1, 1);
  int32_t x = one;
  for (int8_t step = 0; step < 5; ++step) {
    const int32_t cube = saturating_shift_left(doubling_high_multiply(doubling_high_multiply(x, x), x), 6);
    x = saturating_shift_left(doubling_high_multiply(three_halves, x) - doubling_high_multiply(half, cube), 3);
  }
  result.multiplier = doubling_high_multiply(x, root_of_half);
  if (shift < 0) {
    result.multiplier <<= -shift;
    shift = 0;
  }
  result.shift = -shift;
  return result;
}

}  // namespace whit

#endif
