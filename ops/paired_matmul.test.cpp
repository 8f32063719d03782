// SPDX-License-Identifier: Apache-2.0
// Two sums in one word come back exactly, at the ends of what the host lets pass; so does their requantisation.
#include "ops/paired_matmul.hpp"

#include <gtest/gtest.h>

#include <random>

#include "device/core/paired.hpp"

namespace whit {
namespace {

std::vector<int64_t> runs_of(const std::vector<int8_t> &weights) {
  const std::span<const int8_t> rows[] = {weights};
  return paired_runs(rows, 16).value();
}

struct Pixels {
  std::vector<int8_t> first, second;
};

// Both sums, by words and by plain products.
void expect_sums(const std::vector<int8_t> &weights, const Pixels &pixels) {
  PairedSums sums = {0, 0};
  int32_t first = 0, second = 0;
  size_t tap = 0;
  for (int64_t run : runs_of(weights)) {
    uint32_t word = 0;
    for (; run > 0; --run, ++tap) {
      word = add_paired(word, pair_of_values(pixels.first[tap], pixels.second[tap]), weights[tap]);
      first += weights[tap] * pixels.first[tap];
      second += weights[tap] * pixels.second[tap];
    }
    spill_pair(sums, word);
  }
  EXPECT_EQ(tap, weights.size());
  EXPECT_EQ(first_sum(sums), first);
  EXPECT_EQ(second_sum(sums), second);
}

TEST(PairedMatmul, words_give_both_sums_back) {
  std::mt19937 random(3);
  for (int instance = 0; instance < 300; ++instance) {
    const size_t taps = 1 + random() % 400;
    std::vector<int8_t> weights(taps);
    Pixels pixels{std::vector<int8_t>(taps), std::vector<int8_t>(taps)};
    for (size_t tap = 0; tap < taps; ++tap) {
      weights[tap] = static_cast<int8_t>(random() % 255 - 127);
      pixels.first[tap] = static_cast<int8_t>(random());
      pixels.second[tap] = static_cast<int8_t>(random());
    }
    expect_sums(weights, pixels);
  }
}

TEST(PairedMatmul, words_bear_the_largest_sums) {
  for (int weight : {-128, -127, 1, 127})
    for (int first : {-128, 127})
      for (int second : {-128, 127}) {
        constexpr size_t taps = 250;
        expect_sums(std::vector<int8_t>(taps, static_cast<int8_t>(weight)),
                    {std::vector<int8_t>(taps, static_cast<int8_t>(first)),
                     std::vector<int8_t>(taps, static_cast<int8_t>(second))});
      }
}

TEST(PairedMatmul, runs_end_where_a_row_is_full) {
  EXPECT_EQ(runs_of({127, -127, 1, 1}), (std::vector<int64_t>{3, 1}));
  EXPECT_EQ(runs_of(std::vector<int8_t>(20, 0)), (std::vector<int64_t>{16, 4}));
  const std::vector<int8_t> heavy(2 * 255 + 1, 127);
  const std::span<const int8_t> rows[] = {heavy};
  EXPECT_FALSE(paired_runs(rows, 16).has_value());
}

TEST(PairedMatmul, requantises_as_the_reference) {
  std::mt19937 random(4);
  constexpr int32_t zeros[] = {-128, -3, 0, 127};
  for (int instance = 0; instance < 200000; ++instance) {
    const auto x = static_cast<int32_t>(random() % (1U << 23)) - (1 << 22) + static_cast<int32_t>(random() % 2);
    const auto multiplier = static_cast<int32_t>((1U << 30) + random() % (1U << 30));
    const int32_t shift = 1 + static_cast<int32_t>(random() % 22), zero = zeros[random() % 4];
    const std::vector<int32_t> words = paired_requantize_words(
        {.bias = 256 * 5, .multiplier = multiplier, .rounding = zero * (1 << shift) + (1 << (shift - 1)), .shift = shift});
    const PairedRequantize packed = {words[0], static_cast<uint32_t>(words[1]), static_cast<uint32_t>(words[2]),
                                     words[3], words[4]};
    EXPECT_EQ(requantize_sum(packed, x - 5), clamp(requantize(x, multiplier, -shift) + zero, -128, 127))
        << x << " * " << multiplier << " >> " << shift;
  }
}

}  // namespace
}  // namespace whit
