// SPDX-License-Identifier: Apache-2.0
// Facts of depthwise_conv2d's Helium kernel.
#define WHIT_HOST
#include "ops/depthwise_conv2d/depthwise_conv2d_mve.hpp"

#include "ops/depthwise_conv2d/depthwise_conv2d.hpp"
#include "ops/depthwise_conv2d/depthwise_conv2d.mve.kernel.hpp"
#include "ops/mve_records.hpp"
#include "ops/weighted_sum.hpp"

namespace whit::depthwise_conv2d_mve_facts {

namespace {

int64_t taps_of(const WindowGeometry &g) { return g.kernel_height * g.kernel_width; }
int64_t tap_pairs_of(const WindowGeometry &g) { return (taps_of(g) + 1) / 2; }

// Sixteen channels by sixteen, in each tap by tap; zeros where there is no channel or tap.
Bytes packed_weights(const NodeView &node, const WindowGeometry &g) {
  const Bytes &weights = *node.input(1).constant;
  Bytes packed;
  for (int64_t block = 0; block < g.input_channels; block += 16)
    for (int64_t tap = 0; tap < 2 * tap_pairs_of(g); ++tap)
      for (int64_t channel = block; channel < block + 16; ++channel)
        packed.push_back(channel < g.input_channels && tap < taps_of(g) ? weights[static_cast<size_t>(tap * g.input_channels + channel)] : 0);
  return packed;
}

std::vector<int64_t> record_order(int64_t channels) {
  std::vector<int64_t> order;
  for (int64_t block = 0; block < channels; block += 16)
    for (const int64_t first : {0, 2, 1, 3})
      for (int64_t channel = block + first; channel < block + 16; channel += 4) order.push_back(channel < channels ? channel : -1);
  return order;
}

// Two products of bytes have to fit into 16 bits; of -128 by -128 they would not.
bool pairs_fit(const NodeView &node) {
  for (const uint8_t weight : *node.input(1).constant)
    if (static_cast<int8_t>(weight) == -128) return false;
  return true;
}

}  // namespace

bool fits(const NodeView &node) {
  const WindowGeometry g = depthwise_conv2d_geometry(node);
  return is_int8_weighted_sum(node, g.output_channels) && counts_in_16_bits(g) &&
         g.input_channels == g.output_channels && pairs_fit(node) && mve_requantizes(channel_multipliers(node));
}

KernelCall call(const NodeView &node) {
  const WindowGeometry g = depthwise_conv2d_geometry(node);
  auto p = geometry_parameters<DepthwiseConv2dMveParameters>(g);
  set_int8_range(p, node);
  p.tap_pairs = static_cast<int16_t>(tap_pairs_of(g));
  MveRecords records = mve_records(node, channel_multipliers(node), record_order(g.input_channels));
  return {.function = fmt::format("depthwise_conv2d_mve<{}>", records.form),
          .parameters = parameters_from(p),
          .constants = {{"weights", ElementType::int8, packed_weights(node, g)},
                        std::move(records.constant)},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1), output_argument(),
                        scratch_argument()}};
}

Cost cost(const NodeView &node) {
  const WindowGeometry g = depthwise_conv2d_geometry(node);
  const double blocks = static_cast<double>((g.input_channels + 15) / 16), pairs = static_cast<double>(tap_pairs_of(g));
  return {.cycles = static_cast<double>(g.output_height * g.output_width) * (blocks * (32.0 * pairs + 60.0) + 40.0),
          .constant_bytes = blocks * (32.0 * pairs + 192.0),
          .code_bytes = 900};
}

int64_t scratch(const NodeView &node) {
  const WindowGeometry g = depthwise_conv2d_geometry(node);
  return 16 * tap_pairs_of(g) + g.input_channels;
}

// A pixel's channels are done with sixteen at a time, in order.
std::vector<Overlap> overlap(const NodeView &node) {
  return {{.input = 0, .at_most = channel_last_overlap(depthwise_conv2d_geometry(node), 1, ChannelUse::own)}};
}

}  // namespace whit::depthwise_conv2d_mve_facts
