// SPDX-License-Identifier: Apache-2.0
// Constants byte by byte, least first.
#include "ops/byte_matmul.hpp"

#include <algorithm>

#include "ops/dsp_requantize.hpp"

namespace whit {

namespace {

constexpr int64_t most_channels = 255;
constexpr int32_t largest_shift = 14;  // so that zero * 2^shift leaves room for the product in 24 bits

void append(Bytes &bytes, int64_t number, int count) {
  for (int byte = 0; byte < count; ++byte) bytes.push_back(static_cast<uint8_t>(number >> (8 * byte)));
}

bool sums_fit(const NodeView &node) {
  constexpr int64_t limit = int64_t{1} << 22;
  return std::ranges::all_of(accumulator_bounds(node),
                             [](Interval sum) { return sum.low > -limit && sum.high < limit; });
}

// Where the weight at a flat index stands in its channel: column, row, channel of the window.
int64_t place_in_channel(const Shape &weights, const WeightMap &map, int64_t index) {
  const int64_t tap = map.order == WeightOrder::output_first ? index % map.per_output : index / map.outputs;
  if (weights.size() != 4) return tap;
  const int64_t height = weights[1], width = weights[2], channels = map.per_output / (height * width);
  const int64_t row = tap / (width * channels), column = tap / channels % width;
  return (column * height + row) * channels + tap % channels;
}

}  // namespace

std::optional<ByteMatmulConstants> byte_matmul_constants(const NodeView &node,
                                                         const std::vector<QuantizedMultiplier> &multipliers) {
  const WeightMap map = weight_map(node);
  if (map.outputs > most_channels || !sums_fit(node)) return std::nullopt;
  const auto requantize = exact_requantize(node, multipliers);
  if (!requantize) return std::nullopt;
  const Bytes &weights = *node.input(1).constant;
  std::vector<int64_t> sums(requantize->channels.size(), 0);
  const bool in_turns = map.order == WeightOrder::output_first;
  ByteMatmulConstants result{.weights = Bytes(static_cast<size_t>((map.outputs + 1) / 2 * 2 * map.per_output))};
  const auto per_output = static_cast<size_t>(map.per_output);
  for (size_t index = 0; index < weights.size(); ++index) {
    const auto output = static_cast<size_t>(map.output_of(static_cast<int64_t>(index)));
    const int8_t weight = requantize->channels[output].vanishes ? int8_t{0} : static_cast<int8_t>(weights[index]);
    sums[output] += weight;
    const auto place = static_cast<size_t>(place_in_channel(node.input(1).shape, map, static_cast<int64_t>(index)));
    const size_t packed = in_turns ? output / 2 * 2 * per_output + 2 * place + output % 2 : output * per_output + place;
    result.weights[packed] = static_cast<uint8_t>(static_cast<uint8_t>(weight) ^ (in_turns ? 0x80U : 0U));
  }
  for (size_t output = 0; output < sums.size(); ++output) {
    const DspChannel &channel = requantize->channels[output];
    if (channel.shift > largest_shift) return std::nullopt;
    append(result.constants, channel.bias / 256 - 128 * sums[output], 3);
    append(result.constants, channel.multiplier, 4);
    const int64_t k = (int64_t{1} << 31) + (int64_t{channel.rounding} << 32) - (int64_t{channel.multiplier} << 23);
    append(result.constants, k >> 16, 5);
    append(result.constants, channel.shift > 8 ? 1 : 0, 1);
    append(result.constants, int64_t{1} << ((channel.shift > 8 ? 16 : 8) - channel.shift), 1);
  }
  return result;
}

}  // namespace whit
