// SPDX-License-Identifier: Apache-2.0
// Runs are cut greedily, which makes them as few as possible.
#define WHIT_HOST
#include "ops/paired_matmul.hpp"

#include <algorithm>
#include <cstdlib>

#include "device/core/paired_matmul.hpp"

namespace whit {

namespace {

constexpr int64_t largest_magnitude = 255;  // of a run: 128 * 255 fits 16 bits with its sign
constexpr size_t most_runs = 255;

// First rows of the pairs: 0, then rows % 2, rows % 2 + 2, ...
std::vector<int64_t> pair_starts(int64_t rows) {
  std::vector<int64_t> starts;
  if (rows % 2 != 0) starts.push_back(0);
  for (int64_t start = rows % 2; start < rows; start += 2) starts.push_back(start);
  return starts;
}

// The stream of one pair, but for the requantisation.
Bytes runs_of_pair(int64_t weights_offset, const std::vector<int64_t> &runs) {
  Bytes bytes = bytes_of(std::vector<int32_t>{static_cast<int32_t>(weights_offset)});
  std::vector<uint16_t> steps;
  for (int64_t run : runs) steps.push_back(static_cast<uint16_t>((paired_longest_run - run) * paired_tap_step));
  if (steps.size() % 2 != 0) steps.push_back(0);
  const Bytes step_bytes = bytes_of(steps);
  bytes.insert(bytes.end(), step_bytes.begin(), step_bytes.end());
  return bytes;
}

}  // namespace

std::optional<std::vector<int64_t>> paired_runs(std::span<const std::span<const int8_t>> rows, int64_t longest) {
  std::vector<int64_t> runs, sums(rows.size(), 0);
  for (size_t tap = 0; tap < rows[0].size(); ++tap) {
    bool room = !runs.empty() && runs.back() < longest;
    for (size_t row = 0; row < rows.size(); ++row) room = room && sums[row] + std::abs(rows[row][tap]) <= largest_magnitude;
    if (!room) {
      runs.push_back(0);
      std::ranges::fill(sums, 0);
    }
    ++runs.back();
    for (size_t row = 0; row < rows.size(); ++row) sums[row] += std::abs(rows[row][tap]);
  }
  if (runs.size() > most_runs) return std::nullopt;
  return runs;
}

std::vector<int32_t> paired_requantize_words(const DspChannel &channel) {
  const auto multiplier = static_cast<uint32_t>(channel.multiplier);
  return {channel.bias / 256, static_cast<int32_t>(multiplier & 0xFFFFU), static_cast<int32_t>(multiplier >> 16),
          channel.rounding - 128, channel.shift};
}

std::optional<PairedMatmulConstants> paired_matmul_constants(const WeightRows &weights, const DspRequantize &requantize) {
  if (weights.rows < 2) return std::nullopt;
  const std::vector<int64_t> starts = pair_starts(weights.rows);
  const int64_t group_bytes = 4 * weights.columns;  // of four rows, that is two pairs
  PairedMatmulConstants result;
  result.weights.resize((starts.size() + 1) / 2 * static_cast<size_t>(group_bytes));
  const std::vector<int8_t> zeros(static_cast<size_t>(weights.columns), 0);
  for (size_t pair = 0; pair < starts.size(); ++pair) {
    const int64_t offset = static_cast<int64_t>(pair / 2) * group_bytes + static_cast<int64_t>(pair % 2) * 2;
    std::vector<std::span<const int8_t>> rows;
    for (int64_t row : {starts[pair], starts[pair] + 1}) {
      const bool vanishes = requantize.channels[static_cast<size_t>(row)].vanishes;
      rows.push_back(vanishes ? std::span<const int8_t>(zeros) : weights.row(row));
    }
    for (size_t row = 0; row < 2; ++row)
      for (size_t tap = 0; tap < rows[row].size(); ++tap)
        result.weights[static_cast<size_t>(offset) + 4 * tap + row] = static_cast<uint8_t>(rows[row][tap]);
    const auto runs = paired_runs(rows, paired_longest_run);
    if (!runs) return std::nullopt;
    const auto append = [&](const Bytes &bytes) { result.stream.insert(result.stream.end(), bytes.begin(), bytes.end()); };
    append(runs_of_pair(offset, *runs));
    for (int64_t row : {starts[pair], starts[pair] + 1})
      append(bytes_of(paired_requantize_words(requantize.channels[static_cast<size_t>(row)])));
    if (pair == 0 && weights.rows % 2 != 0) result.first_bytes = static_cast<int64_t>(result.stream.size());
  }
  return result;
}

}  // namespace whit
