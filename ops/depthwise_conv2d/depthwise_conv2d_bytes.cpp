// SPDX-License-Identifier: Apache-2.0
// Facts of depthwise_conv2d's kernel for cores that only multiply bytes.
#define WHIT_HOST
#include "ops/depthwise_conv2d/depthwise_conv2d_bytes.hpp"

#include "ops/byte_window.hpp"
#include "ops/depthwise_conv2d/depthwise_conv2d.bytes.kernel.hpp"
#include "ops/depthwise_conv2d/depthwise_conv2d.hpp"
#include "ops/weighted_sum.hpp"

namespace whit::depthwise_conv2d_bytes_facts {

namespace {

int64_t taps_of(const WindowGeometry &geometry) { return geometry.kernel_height * geometry.kernel_width; }

}  // namespace

bool fits(const NodeView &node) {
  const WindowGeometry g = depthwise_conv2d_geometry(node);
  return is_int8_weighted_sum(node, g.output_channels) && byte_window_fits(g) &&
         g.output_channels == g.input_channels && taps_of(g) <= 255 &&
         byte_matmul_constants(node, channel_multipliers(node)).has_value();
}

KernelCall call(const NodeView &node) {
  auto constants = byte_matmul_constants(node, channel_multipliers(node));
  internal_check(constants.has_value(), "a kernel was chosen that does not fit");
  return byte_window_call(node, depthwise_conv2d_geometry(node), "depthwise_conv2d_bytes", std::move(*constants));
}

void host(std::span<void *const> arguments) { host_call<depthwise_conv2d_bytes>(arguments); }

Cost cost(const NodeView &node) {
  const WindowGeometry g = depthwise_conv2d_geometry(node);
  const auto pixels = static_cast<double>(g.output_height * g.output_width);
  const auto channels = static_cast<double>(g.output_channels), taps = static_cast<double>(taps_of(g));
  return {.cycles = pixels * (channels * (26 * taps + 190) + 300),
          .constant_bytes = channels * (taps + 14),
          .code_bytes = 800};
}

int64_t scratch(const NodeView &node) { return byte_window_scratch(depthwise_conv2d_geometry(node)); }

std::vector<Overlap> overlap(const NodeView &node) {
  return {{.input = 0, .at_most = byte_window_overlap(depthwise_conv2d_geometry(node))}};
}

}  // namespace whit::depthwise_conv2d_bytes_facts
