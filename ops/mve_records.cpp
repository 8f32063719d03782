// SPDX-License-Identifier: Apache-2.0
#include "ops/mve_records.hpp"

#include <algorithm>

#include "ops/accumulator_bounds.hpp"
#include "ops/dsp_requantize.hpp"
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

// Channels that vanish would ask for weights of zero.
bool has_plain_steps(const DspRequantize &requantize) {
  return requantize.form == DspRequantizeForm::steps &&
         std::ranges::none_of(requantize.channels, [](const DspChannel &channel) { return channel.vanishes; });
}

// Records of `values` words a channel; `write` gets the place of a channel's first one, the others follow four words apart.
template <typename Write>
KernelConstant records_of(const std::vector<int64_t> &order, size_t values, const Write &write) {
  std::vector<int32_t> words(order.size() * values);
  for (size_t place = 0; place < order.size(); ++place)
    if (order[place] >= 0) write(static_cast<size_t>(order[place]), words.data() + place / 4 * 4 * values + place % 4);
  return {"records", ElementType::int32, bytes_of(words)};
}

}  // namespace

bool mve_requantizes(const std::vector<QuantizedMultiplier> &multipliers) {
  return std::ranges::all_of(multipliers, [](const QuantizedMultiplier &factor) { return factor.shift <= 0; });
}

MveRecords mve_records(const NodeView &node, const std::vector<QuantizedMultiplier> &multipliers, const std::vector<int64_t> &order) {
  if (const auto steps = dsp_requantize(node, multipliers); steps && has_plain_steps(*steps))
    return {"whit::StepsForm", records_of(order, 2, [&](size_t channel, int32_t *record) {
              record[0] = steps->channels[channel].bias;
              record[4] = steps->channels[channel].multiplier;
            })};
  const std::vector<int32_t> offsets = offsets_of(node);
  return {"whit::ExactForm", records_of(order, 3, [&](size_t channel, int32_t *record) {
            record[0] = offsets[channel];
            record[4] = multipliers[channel].multiplier;
            record[8] = multipliers[channel].shift;
          })};
}

std::vector<int64_t> channels_in_fours(int64_t channels) {
  std::vector<int64_t> order;
  for (int64_t channel = 0; channel < (channels + 3) / 4 * 4; ++channel) order.push_back(channel < channels ? channel : -1);
  return order;
}

}  // namespace whit
