// SPDX-License-Identifier: Apache-2.0
// Lanes: the high byte takes the borrow of a negative low byte, so that lane = 256 * a + b as a signed number.
#include "ops/dsp_matmul.hpp"

#include <algorithm>
#include <array>

namespace whit {

namespace {

void append(std::vector<int32_t> &words, int32_t word) { words.push_back(word); }

uint32_t lane(int8_t a, int8_t b) { return static_cast<uint32_t>(256 * a + b) & 0xFFFFU; }

int8_t weight(const WeightRows &weights, const DspRequantize &requantize, int64_t row, int64_t column) {
  return requantize.channels[static_cast<size_t>(row)].vanishes ? int8_t{0} : weights.at(row, column);
}

void append_block(std::vector<int32_t> &words, const WeightRows &weights, const DspRequantize &requantize,
                  int64_t first) {
  const auto channel = [&](int64_t row) { return requantize.channels[static_cast<size_t>(first + row)]; };
  for (int64_t row : {0, 2}) append(words, channel(row).bias);
  for (int64_t column = 0; column < weights.columns; column += 2)
    for (int64_t row : {0, 2}) {
      const auto two = [&](int64_t at) {
        return std::array{weight(weights, requantize, first + at, column), weight(weights, requantize, first + at, column + 1)};
      };
      append(words, lanes_of(two(row), two(row + 1)));
    }
  for (int64_t row : {1, 3}) append(words, channel(row).bias);
  for (int64_t row : {0, 1, 2, 3}) {
    append(words, channel(row).multiplier);
    if (requantize.form == DspRequantizeForm::steps) continue;
    append(words, channel(row).rounding);
    append(words, channel(row).shift);
  }
}

}  // namespace

bool rows_can_pair(std::span<const uint8_t> weights) {
  return std::ranges::none_of(weights, [](uint8_t byte) { return byte == 0x80; });
}

int32_t lanes_of(std::span<const int8_t, 2> first, std::span<const int8_t, 2> second) {
  return static_cast<int32_t>(lane(first[0], second[0]) | lane(first[1], second[1]) << 16);
}

std::vector<int64_t> block_starts(int64_t rows) {
  std::vector<int64_t> starts;
  if (rows % 4 != 0) starts.push_back(0);
  for (int64_t start = rows % 4; start < rows; start += 4) starts.push_back(start);
  return starts;
}

Bytes matmul_stream(const WeightRows &weights, const DspRequantize &requantize) {
  internal_check(weights.columns % 2 == 0 && weights.rows >= 4, "cannot pack {} rows of {} weights", weights.rows,
                 weights.columns);
  std::vector<int32_t> words;
  for (int64_t start : block_starts(weights.rows)) append_block(words, weights, requantize, start);
  return bytes_of(words);
}

int64_t matmul_block_bytes(int64_t columns, DspRequantizeForm form) {
  return 16 + 4 * columns + (form == DspRequantizeForm::steps ? 16 : 48);
}

}  // namespace whit
