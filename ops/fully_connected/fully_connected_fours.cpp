// SPDX-License-Identifier: Apache-2.0
// Facts of fully_connected's kernel for cores with a fast multiplier: fours of outputs, weights plus 128.
#define WHIT_HOST
#include "ops/fully_connected/fully_connected_fours.hpp"

#include <algorithm>

#include "ops/fully_connected/fully_connected.fours.kernel.hpp"
#include "ops/fully_connected/fully_connected.hpp"
#include "ops/paired_matmul.hpp"
#include "ops/weighted_sum.hpp"

namespace whit::fully_connected_fours_facts {

namespace {

std::optional<DspRequantize> requantize_of(const NodeView &node) {
  return exact_requantize(node, fully_connected_multipliers(node));
}

size_t padded_outputs(const FullyConnectedSize &size) { return static_cast<size_t>((size.outputs + 3) / 4 * 4); }

Bytes packed_weights(const NodeView &node, const FullyConnectedSize &size, const DspRequantize &requantize) {
  const Bytes &weights = *node.input(1).constant;
  const auto depth = static_cast<size_t>(size.depth);
  Bytes packed(padded_outputs(size) * depth, 128);
  for (size_t output = 0; output < static_cast<size_t>(size.outputs); ++output)
    for (size_t k = 0; k < depth && !requantize.channels[output].vanishes; ++k)
      packed[output / 4 * 4 * depth + 4 * k + output % 4] = static_cast<uint8_t>(weights[output * depth + k] ^ 0x80U);
  return packed;
}

// Whether all outputs requantise alike, but for the offset.
bool share_words(const DspRequantize &requantize) {
  const DspChannel &first = requantize.channels.front();
  return std::ranges::all_of(requantize.channels, [&](const DspChannel &channel) {
    return channel.multiplier == first.multiplier && channel.rounding == first.rounding && channel.shift == first.shift;
  });
}

}  // namespace

bool fits(const NodeView &node) {
  return is_int8_weighted_sum(node, fully_connected_size(node).outputs) && requantize_of(node).has_value();
}

KernelCall call(const NodeView &node) {
  const FullyConnectedSize size = fully_connected_size(node);
  auto requantize = requantize_of(node);
  internal_check(requantize.has_value(), "a kernel was chosen that does not fit");
  Bytes weights = packed_weights(node, size, *requantize);
  requantize->channels.resize(padded_outputs(size), requantize->channels.back());
  const bool shared = share_words(*requantize);
  std::vector<int32_t> offsets, words;
  for (const DspChannel &channel : requantize->channels) {
    const std::vector<int32_t> all = paired_requantize_words(channel);
    offsets.push_back(all[0]);
    if (!shared || words.empty()) words.insert(words.end(), all.begin() + 1, all.end());
  }
  const FullyConnectedFoursParameters p{static_cast<int32_t>(size.rows), static_cast<int32_t>(size.depth),
                                        static_cast<int32_t>(size.outputs), shared ? 16 : 0};
  return {.function = "fully_connected_fours",
          .parameters = parameters_from(p),
          .constants = {{"weights", ElementType::uint8, std::move(weights)},
                        {"offsets", ElementType::int32, bytes_of(offsets)},
                        {"requantize", ElementType::int32, bytes_of(words)}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        constant_argument(2), output_argument()}};
}

void host(std::span<void *const> arguments) { host_call<fully_connected_fours>(arguments); }

Cost cost(const NodeView &node) {
  const FullyConnectedSize size = fully_connected_size(node);
  const auto outputs = static_cast<double>(padded_outputs(size)), depth = static_cast<double>(size.depth);
  return {.cycles = static_cast<double>(size.rows) * (outputs * (4.6 * depth + 45) + 6 * depth),
          .constant_bytes = outputs * (depth + 8),
          .code_bytes = 700};
}

}  // namespace whit::fully_connected_fours_facts
