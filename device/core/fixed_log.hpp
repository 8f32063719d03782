// SPDX-License-Identifier: Apache-2.0
// The natural logarithm in 32-bit fixed point: docs/semantics.md, "Fixed-point functions".
#ifndef WHIT_DEVICE_CORE_FIXED_LOG_HPP
#define WHIT_DEVICE_CORE_FIXED_LOG_HPP

#include "device/core/fixed_point.hpp"

namespace whit {

WHIT_INLINE int8_t leading_zeros(uint32_t value) {
  int8_t count = 0;
  for (; value < (uint32_t{1} << 31); value <<= 1) ++count;
  return count;
}

// (a + b) / 2, halves away from zero.
WHIT_INLINE int32_t half_sum(int32_t a, int32_t b) {
  const int64_t sum = static_cast<int64_t>(a) + b;
  return static_cast<int32_t>((sum + (sum >= 0 ? 1 : -1)) / 2);
}

// ln(r) / 2 for r in [sqrt(1/2), 1], both Q0.31, as numerator / (1 + denominator): a rational function of the distance q
// of r from its middle, 2^(-1/4).
WHIT_INLINE int32_t log_near_one(int32_t r) {
  const int32_t middle = 1805811301;          // 2^(-1/4)
  const int32_t numerator_cubic = 117049297;  // 11/240 * 2^(1/4)
  const int32_t denominator_square = 127690142, denominator_constant = 1057819769, denominator_linear = 638450708;
  const int32_t q = 2 * (r - middle), mean = half_sum(r, middle), square = doubling_high_multiply(q, q);
  const int32_t numerator = doubling_high_multiply(q, r) +
                            doubling_high_multiply(doubling_high_multiply(q, square), numerator_cubic);
  const int32_t denominator =
      doubling_high_multiply(mean, denominator_constant + q + doubling_high_multiply(denominator_square, square)) +
      doubling_high_multiply(denominator_linear, q);
  return doubling_high_multiply(divide_by_power_of_two(numerator, 6), one_over_one_plus_x(denominator));
}

// ln(value) for value >= 1 with `integer_bits` integer bits; the result is Q5.26. value = 2^k r by the nearer of two
// ways to cut off powers of two, a quarter of a power above and below.
WHIT_KERNEL int32_t log_of_one_or_more(int32_t value, int8_t integer_bits) {
  const int32_t root_of_half = 1518500250, log_of_two = 1488522236, quarter = int32_t{1} << 23, one = int32_t{1} << 25;
  const int8_t zeros = leading_zeros(static_cast<uint32_t>(value));
  const int32_t top = saturating_shift_left(value, static_cast<int8_t>(zeros - 1));
  const int32_t upper = saturating_shift_left(doubling_high_multiply(top, root_of_half), 1);
  const int8_t lower_zeros =
      static_cast<int8_t>(leading_zeros(static_cast<uint32_t>(doubling_high_multiply(value, root_of_half))) - 1);
  const int32_t lower = saturating_shift_left(value, lower_zeros);
  const int32_t upper_power = (integer_bits - zeros) * one + quarter, lower_power = (integer_bits - lower_zeros) * one - quarter;
  const int32_t power = upper_power > lower_power ? upper_power : lower_power;
  return saturating_shift_left(doubling_high_multiply(power, log_of_two) + log_near_one(upper < lower ? upper : lower), 1);
}

}  // namespace whit

#endif
