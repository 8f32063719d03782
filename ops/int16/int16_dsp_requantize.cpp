// SPDX-License-Identifier: Apache-2.0
// Factors and bounds of the sums, channel by channel.
#include "ops/int16/int16_dsp_requantize.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "ops/accumulator_bounds.hpp"
#include "ops/activation_range.hpp"
#include "ops/int16/weighted_sum_int16.hpp"
#include "ops/tap_walk.hpp"

namespace whit {

namespace {

// The largest magnitude of each channel's sum, bias and all.
std::vector<int64_t> largest_sums(const NodeView &node, const std::vector<int64_t> &biases) {
  constexpr int64_t largest_value = 32768;
  const WeightMap map = weight_map(node);
  const auto weights = values_of<int8_t>(*node.input(1).constant);
  std::vector<int64_t> sums;
  for (const int64_t bias : biases) sums.push_back(bias == std::numeric_limits<int64_t>::min() ? -(bias + 1) : std::abs(bias));
  for (int64_t index = 0; index < map.weights(); ++index) {
    int64_t &sum = sums[static_cast<size_t>(map.output_of(index))];
    if (sum < std::numeric_limits<int32_t>::max()) sum += largest_value * std::abs(int64_t{weights[static_cast<size_t>(index)]});
  }
  return sums;
}

// The factor of SMMULR, if there is one.
std::optional<int32_t> high_half_multiplier(const QuantizedMultiplier &factor) {
  const int right = 15 - factor.shift;
  if (right < 16 || right > 32) return std::nullopt;
  const int32_t narrow = factor.multiplier < 0x7FFF0000 ? (factor.multiplier + (int32_t{1} << 15)) >> 16 : 0x7FFF;
  return static_cast<int32_t>(int64_t{narrow} << (32 - right));
}

}  // namespace

std::optional<Int16DspRequantize> int16_dsp_requantize(const NodeView &node) {
  const IntegerRange range = integer_activation_range(node);
  if (range.high != 32767 || (range.low != -32768 && range.low != 0)) return std::nullopt;
  Int16DspRequantize result{.positive = range.low == 0};
  for (const QuantizedMultiplier &factor : tap_walk_multipliers(node)) {
    const std::optional<int32_t> multiplier = high_half_multiplier(factor);
    if (!multiplier) return std::nullopt;
    result.multipliers.push_back(*multiplier);
  }
  const auto biases = bias_of<int64_t>(node, static_cast<int64_t>(result.multipliers.size()));
  if (std::ranges::any_of(largest_sums(node, biases), [](int64_t sum) { return sum > std::numeric_limits<int32_t>::max(); }))
    return std::nullopt;
  for (const int64_t bias : biases) result.biases.push_back(static_cast<int32_t>(bias));
  return result;
}

}  // namespace whit
