// SPDX-License-Identifier: Apache-2.0
// Facts of depthwise_conv2d's float kernel for cores with floating point in hardware.
#define WHIT_HOST
#include "ops/depthwise_conv2d/depthwise_conv2d_float.hpp"

#include "ops/depthwise_conv2d/depthwise_conv2d.hpp"
#include "ops/depthwise_conv2d/depthwise_conv2d_float.fpu.kernel.hpp"
#include "ops/weighted_sum.hpp"

namespace whit::depthwise_conv2d_float_facts {

bool fits(const NodeView &node) {
  const WindowGeometry geometry = depthwise_conv2d_geometry(node);
  return is_float_weighted_sum(node) && counts_in_16_bits(geometry) && geometry.output_channels == geometry.input_channels &&
         geometry.output_channels % 4 == 0;
}

KernelCall call(const NodeView &node) {
  auto p = geometry_parameters<DepthwiseConv2dFloatFpuParameters>(depthwise_conv2d_geometry(node));
  set_float_range(p, node);
  return {.function = "depthwise_conv2d_float_fpu",
          .parameters = parameters_from(p),
          .constants = float_constants(node, p.output_channels),
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        output_argument()}};
}

void host(std::span<void *const> arguments) { host_call<depthwise_conv2d_float_fpu>(arguments); }

Cost cost(const NodeView &node) {
  constexpr double cycles_per_mac = 6, cycles_per_output = 20;
  return {.cycles = cycles_per_mac * static_cast<double>(macs_of(node)) +
                    cycles_per_output * static_cast<double>(node.output().elements()),
          .constant_bytes = static_cast<double>(node.input(1).bytes()),
          .code_bytes = 700};
}

std::vector<Overlap> overlap(const NodeView &node) {
  return {{.input = 0, .at_most = channel_last_overlap(depthwise_conv2d_geometry(node), 4, ChannelUse::own)}};
}

}  // namespace whit::depthwise_conv2d_float_facts
