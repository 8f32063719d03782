// SPDX-License-Identifier: Apache-2.0
// Both forms of DSP requantisation, computed as the chip would, against the reference on every sum that can occur.
#include "ops/dsp_requantize.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "device/core/requantize.hpp"

namespace whit {
namespace {

int32_t high_half(int64_t product) { return static_cast<int32_t>((product + (int64_t{1} << 31)) >> 32); }

int32_t saturate8(int32_t value) { return std::clamp(value, -128, 127); }

// What the instructions give for a sum of raw products.
int32_t on_chip(const DspChannel &channel, DspRequantizeForm form, int64_t products) {
  const int32_t sum = static_cast<int32_t>(256 * (channel.vanishes ? 0 : products) + channel.bias);
  if (form == DspRequantizeForm::steps) return saturate8(high_half(int64_t{sum} * channel.multiplier) >> 9);
  const int32_t doubled = sum >> 7;
  return saturate8((high_half(int64_t{doubled} * channel.multiplier) + channel.rounding + (doubled >> 31)) >> channel.shift);
}

void expect_reference(const DspChannelTask &task, int32_t zero) {
  const auto requantized = dsp_requantize({task}, zero, {-128, 127});
  ASSERT_TRUE(requantized.has_value());
  for (int64_t x = task.range.low; x <= task.range.high; ++x) {
    const int32_t expected =
        saturate8(requantize(static_cast<int32_t>(x), task.multiplier.multiplier, task.multiplier.shift) + zero);
    ASSERT_EQ(on_chip(requantized->channels[0], requantized->form, x - task.offset), expected)
        << "x " << x << " multiplier " << task.multiplier.multiplier << " shift " << task.multiplier.shift;
  }
}

TEST(DspRequantize, is_the_reference_on_every_sum) {
  std::mt19937 random(3);
  for (int repeat = 0; repeat < 60; ++repeat) {
    const double factor = std::ldexp(1.0 + std::uniform_real_distribution<double>(0, 1)(random), -3 - repeat % 14);
    const int64_t low = -static_cast<int64_t>(random() % 60000), high = static_cast<int64_t>(random() % 60000);
    const int32_t zero = repeat % 2 == 0 ? -128 : static_cast<int32_t>(random() % 256) - 128;
    expect_reference({.range = {low, high}, .offset = static_cast<int64_t>(random() % 2000) - 1000,
                      .multiplier = quantize_multiplier(factor)}, zero);
  }
}

TEST(DspRequantize, prefers_steps_after_a_rectifier_and_exact_otherwise) {
  const DspChannelTask task{.range = {-50000, 50000}, .multiplier = quantize_multiplier(0.0037)};
  EXPECT_EQ(dsp_requantize({task}, -128, {-128, 127})->form, DspRequantizeForm::steps);
  EXPECT_EQ(dsp_requantize({task}, 5, {-128, 127})->form, DspRequantizeForm::exact);
}

TEST(DspRequantize, a_channel_that_never_changes_drops_its_weights) {
  const DspChannelTask task{.range = {-40, 40}, .multiplier = quantize_multiplier(1e-7)};
  const auto requantized = dsp_requantize({task}, -7, {-128, 127});
  ASSERT_TRUE(requantized.has_value());
  EXPECT_TRUE(requantized->channels[0].vanishes);
  EXPECT_EQ(on_chip(requantized->channels[0], requantized->form, 12345), -7);
}

TEST(DspRequantize, refuses_what_it_cannot_prove) {
  const DspChannelTask task{.range = {-1000, 1000}, .multiplier = quantize_multiplier(0.25)};
  EXPECT_FALSE(dsp_requantize({task}, 0, {0, 127}).has_value()) << "a clamp inside the range";
  EXPECT_FALSE(dsp_requantize({{.range = {-1000, 1000}, .multiplier = quantize_multiplier(0.75)}}, 0, {-128, 127}))
      << "no right shift";
  EXPECT_FALSE(dsp_requantize({{.range = {0, int64_t{1} << 23}, .multiplier = quantize_multiplier(0.01)}}, 0, {-128, 127}))
      << "256 times the sum overflows";
}

}  // namespace
}  // namespace whit
