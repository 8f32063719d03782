// SPDX-License-Identifier: Apache-2.0
// Walks of the four operators.
#include "ops/tap_walk.hpp"

namespace whit {

namespace {

constexpr int64_t longest = 32767;

bool is_fully_connected(const NodeView &node) { return node.node().op == "fully_connected"; }

TapWalk rows_walk(const NodeView &node) {
  const FullyConnectedSize size = fully_connected_size(node);
  WindowGeometry geometry{.input_height = size.rows, .input_width = 1, .input_channels = size.depth,
                          .output_height = size.rows, .output_width = 1, .output_channels = size.outputs,
                          .kernel_height = 1, .kernel_width = 1};
  return {.geometry = geometry, .summed = size.depth, .output_step = size.depth, .column_step = size.depth};
}

}  // namespace

bool tap_walk_fits(const NodeView &node) { return counts_in_16_bits(tap_walk(node).geometry); }

std::vector<QuantizedMultiplier> tap_walk_multipliers(const NodeView &node) {
  return is_fully_connected(node) ? operator_of(node.node()).multipliers(node) : channel_multipliers(node);
}

TapWalk tap_walk(const NodeView &node) {
  if (is_fully_connected(node)) return rows_walk(node);
  const Shape &weights = node.input(1).shape;
  const WindowGeometry geometry = window_geometry(node, weights[1], weights[2]);
  if (node.node().op == "depthwise_conv2d")
    return {.geometry = geometry, .summed = 1, .multiplier = geometry.output_channels / geometry.input_channels,
            .output_step = 1, .column_step = geometry.output_channels};
  const int64_t groups = geometry.input_channels / weights[3];
  return {.geometry = geometry, .summed = weights[3], .multiplier = groups == 1 ? 0 : geometry.output_channels / groups,
          .output_step = weights[1] * weights[2] * weights[3], .column_step = weights[3]};
}

}  // namespace whit
