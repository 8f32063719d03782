// SPDX-License-Identifier: Apache-2.0
#include "ops/mve_records.hpp"

#include <algorithm>

#include "ops/accumulator_bounds.hpp"
#include "ops/weighted_sum.hpp"

namespace whit {

namespace {

// The part of each channel's sum that does not depend on the data: bias - data zero point * sum of the weights, in 32 bits
// that wrap as the device's do.
std::vector<int32_t> offsets_of(const NodeView &node) {
  const WeightMap map = weight_map(node);
  const std::vector<int32_t> bias = bias_of<int32_t>(node, map.outputs);
  std::vector<uint32_t> offsets(bias.begin(), bias.end());
  const Bytes &weights = *node.input(1).constant;
  const int64_t zero = node.input(0).quantization.zero_point();
  for (int64_t index = 0; index < map.weights(); ++index)
    offsets[static_cast<size_t>(map.output_of(index))] -=
        static_cast<uint32_t>(zero * static_cast<int8_t>(weights[static_cast<size_t>(index)]));
  return {offsets.begin(), offsets.end()};
}

}  // namespace

bool mve_requantizes(const std::vector<QuantizedMultiplier> &multipliers) {
  return std::ranges::all_of(multipliers, [](const QuantizedMultiplier &factor) { return factor.shift <= 0; });
}

KernelConstant mve_records(const NodeView &node, const std::vector<QuantizedMultiplier> &multipliers, const std::vector<int64_t> &order) {
  const std::vector<int32_t> offsets = offsets_of(node);
  std::vector<int32_t> words(order.size() * 3);
  for (size_t place = 0; place < order.size(); ++place) {
    if (order[place] < 0) continue;
    const auto channel = static_cast<size_t>(order[place]);
    int32_t *record = words.data() + place / 4 * 12 + place % 4;
    record[0] = offsets[channel];
    record[4] = multipliers[channel].multiplier;
    record[8] = multipliers[channel].shift;
  }
  return {"records", ElementType::int32, bytes_of(words)};
}

std::vector<int64_t> channels_in_fours(int64_t channels) {
  std::vector<int64_t> order;
  for (int64_t channel = 0; channel < (channels + 3) / 4 * 4; ++channel) order.push_back(channel < channels ? channel : -1);
  return order;
}

}  // namespace whit
