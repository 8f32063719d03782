// SPDX-License-Identifier: Apache-2.0
// The stream of constants, read back as the asm reads it: sums of both rows of a lane come out of plain products.
#include "ops/dsp_matmul.hpp"

#include <gtest/gtest.h>

#include <random>

namespace whit {
namespace {

struct Sums {
  int32_t both = 0, low = 0;
};

int32_t high_lane(int32_t word) { return word >> 16; }
int32_t low_lane(int32_t word) { return static_cast<int16_t>(word); }
int32_t low_byte(int32_t lane) { return static_cast<int8_t>(lane); }

// What SMLAD on the lanes, and on their sign-extended low bytes, adds up.
Sums sums_of(const std::vector<int32_t> &words, size_t first, const std::vector<int8_t> &values) {
  Sums sums;
  for (size_t k = 0; k < values.size(); k += 2) {
    const int32_t word = words[first + k];  // two lane words a step
    sums.both += low_lane(word) * values[k] + high_lane(word) * values[k + 1];
    sums.low += low_byte(low_lane(word)) * values[k] + low_byte(high_lane(word)) * values[k + 1];
  }
  return sums;
}

TEST(DspMatmul, lanes_give_both_rows_back) {
  std::mt19937 random(5);
  WeightRows weights{.rows = 4, .columns = 8, .values = std::vector<int8_t>(32)};
  for (int8_t &value : weights.values) value = static_cast<int8_t>(random() % 255 - 127);
  std::vector<int8_t> values(8);
  for (int8_t &value : values) value = static_cast<int8_t>(random());
  const DspRequantize requantize{.channels = std::vector<DspChannel>(4)};
  const auto words = values_of<int32_t>(matmul_stream(weights, requantize));
  for (int64_t row : {0, 2}) {
    const Sums sums = sums_of(words, static_cast<size_t>(2 + row / 2), values);
    int32_t a = 0, b = 0;
    for (size_t k = 0; k < 8; ++k) {
      a += weights.at(row, static_cast<int64_t>(k)) * values[k];
      b += weights.at(row + 1, static_cast<int64_t>(k)) * values[k];
    }
    EXPECT_EQ(sums.both - sums.low, 256 * a);
    EXPECT_EQ(sums.low, b);
  }
}

TEST(DspMatmul, blocks_cover_any_number_of_rows) {
  EXPECT_EQ(block_starts(8), (std::vector<int64_t>{0, 4}));
  EXPECT_EQ(block_starts(4), (std::vector<int64_t>{0}));
  EXPECT_EQ(block_starts(6), (std::vector<int64_t>{0, 2}));
  EXPECT_EQ(block_starts(11), (std::vector<int64_t>{0, 3, 7}));
}

TEST(DspMatmul, the_stream_has_the_size_it_declares) {
  const WeightRows weights{.rows = 7, .columns = 6, .values = std::vector<int8_t>(42)};
  for (DspRequantizeForm form : {DspRequantizeForm::steps, DspRequantizeForm::exact}) {
    const DspRequantize requantize{.form = form, .channels = std::vector<DspChannel>(7)};
    EXPECT_EQ(static_cast<int64_t>(matmul_stream(weights, requantize).size()), 2 * matmul_block_bytes(6, form));
  }
}

TEST(DspMatmul, refuses_lanes_that_overflow) {
  EXPECT_TRUE(rows_can_pair(Bytes{0x81, 0x7f}));
  EXPECT_FALSE(rows_can_pair(Bytes{0x80, 0x01}));
}

}  // namespace
}  // namespace whit
