// SPDX-License-Identifier: Apache-2.0
// The DSP sum's factors, computed as the chip would, against the reference on every pair of operands.
#define WHIT_HOST
#include "ops/elementwise/quantized_sum_dsp.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "ops/elementwise/elementwise.hpp"
#include "ops/quantized_multiplier.hpp"

namespace whit::quantized_sum_dsp {
namespace {

QuantizedSumParameters reference_for(double first, double second, int16_t first_zero, int16_t second_zero,
                                     int16_t output_zero) {
  QuantizedSumParameters p{};
  const double common = 2 * std::max(first, second);
  const QuantizedMultiplier a = quantize_multiplier(first / common), b = quantize_multiplier(second / common);
  const QuantizedMultiplier out = quantize_multiplier(common / (1 << 20));
  p.first_multiplier = a.multiplier, p.second_multiplier = b.multiplier, p.output_multiplier = out.multiplier;
  p.first_shift = static_cast<int8_t>(a.shift), p.second_shift = static_cast<int8_t>(b.shift);
  p.output_shift = static_cast<int8_t>(out.shift);
  p.first_zero = first_zero, p.second_zero = second_zero, p.output_zero = output_zero;
  p.output_low = -128, p.output_high = 127, p.left_shift = 20;
  return p;
}

int32_t on_chip(const Factors &factors, int first, int second) {
  const int64_t sum = ((int64_t{factors.first} * 256 * first) >> 16) + ((int64_t{factors.second} * 256 * second) >> 16) +
                      factors.offset;
  return std::clamp(static_cast<int32_t>(sum) >> 20, -128, 127);
}

TEST(QuantizedSumDsp, found_factors_are_the_reference_on_all_pairs) {
  std::mt19937 random(11);
  int found = 0;
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::uniform_real_distribution<double> scale(0.1, 1.9);
    const double first = scale(random), second = scale(random);
    const auto zero = [&] { return static_cast<int16_t>(static_cast<int>(random() % 256) - 128); };
    const QuantizedSumParameters reference = reference_for(first, second, zero(), zero(), zero());
    const auto factors = find_factors(reference, 1, first, second);
    if (!factors) continue;
    ++found;
    for (int a = -128; a < 128; ++a)
      for (int b = -128; b < 128; ++b)
        ASSERT_EQ(on_chip(*factors, a, b),
                  (QuantizedSum<int8_t, 1>::apply(reference, static_cast<int8_t>(a), static_cast<int8_t>(b))))
            << a << " + " << b;
  }
  EXPECT_GE(found, 15) << "the search should rarely fail";
}

TEST(QuantizedSumDsp, refuses_a_clamp_inside_the_range) {
  QuantizedSumParameters reference = reference_for(0.5, 0.5, 0, 0, 0);
  reference.output_low = 0;
  EXPECT_FALSE(find_factors(reference, 1, 0.5, 0.5).has_value());
}

}  // namespace
}  // namespace whit::quantized_sum_dsp
