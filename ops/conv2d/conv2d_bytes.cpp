// SPDX-License-Identifier: Apache-2.0
// Facts of conv2d's kernel for cores that only multiply bytes.
#define WHIT_HOST
#include "ops/conv2d/conv2d_bytes.hpp"

#include "ops/byte_window.hpp"
#include "ops/conv2d/conv2d.bytes.kernel.hpp"
#include "ops/conv2d/conv2d.hpp"
#include "ops/weighted_sum.hpp"

namespace whit::conv2d_bytes_facts {

namespace {

int64_t window_values(const WindowGeometry &geometry) {
  return geometry.kernel_height * geometry.kernel_width * geometry.input_channels;
}

}  // namespace

bool fits(const NodeView &node) {
  return is_int8_weighted_sum(node, node.output().shape[3]) && byte_window_fits(conv2d_geometry(node)) &&
         window_values(conv2d_geometry(node)) <= most_byte_values && byte_matmul_constants(node, channel_multipliers(node)).has_value();
}

KernelCall call(const NodeView &node) {
  auto constants = byte_matmul_constants(node, channel_multipliers(node));
  internal_check(constants.has_value(), "a kernel was chosen that does not fit");
  return byte_window_call(node, conv2d_geometry(node), "conv2d_bytes", std::move(*constants));
}

void host(std::span<void *const> arguments) { host_call<conv2d_bytes>(arguments); }

Cost cost(const NodeView &node) {
  const WindowGeometry g = conv2d_geometry(node);
  const auto pixels = static_cast<double>(g.output_height * g.output_width);
  const auto channels = static_cast<double>(g.output_channels), values = static_cast<double>(window_values(g));
  return {.cycles = pixels * (channels * (10.5 * values + 190) + 18 * values + 300),
          .constant_bytes = channels * (values + 13),
          .code_bytes = 1000};
}

int64_t scratch(const NodeView &node) { return byte_window_scratch(conv2d_geometry(node)); }

std::vector<Overlap> overlap(const NodeView &node) {
  return {{.input = 0, .at_most = byte_window_overlap(conv2d_geometry(node))}};
}

}  // namespace whit::conv2d_bytes_facts
