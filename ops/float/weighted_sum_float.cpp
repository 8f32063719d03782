// SPDX-License-Identifier: Apache-2.0
// Facts of the float kernel of conv2d and fully_connected: weights by fours of output channels.
#define WHIT_HOST
#include "ops/float/weighted_sum_float.hpp"

#include <algorithm>

#include "ops/float/weighted_sum_float.fpu.kernel.hpp"
#include "ops/tap_walk.hpp"

namespace whit::weighted_sum_float_facts {

namespace {

int64_t outputs_in_fours(const NodeView &node) { return (tap_walk(node).geometry.output_channels + 3) / 4 * 4; }

std::vector<float> padded(std::vector<float> values, int64_t count) {
  values.resize(static_cast<size_t>(count));
  return values;
}

// The kernel's header says how they lie.
std::vector<float> packed_weights(const NodeView &node) {
  const auto weights = values_of<float>(*node.input(1).constant);
  const auto outputs = static_cast<size_t>(tap_walk(node).geometry.output_channels);
  const size_t of_an_output = weights.size() / outputs;
  std::vector<float> packed(of_an_output * static_cast<size_t>(outputs_in_fours(node)));
  for (size_t output = 0; output < outputs; ++output)
    for (size_t index = 0; index < of_an_output; ++index)
      packed[(output / 4 * of_an_output + index) * 4 + output % 4] = weights[output * of_an_output + index];
  return packed;
}

}  // namespace

bool fits(const NodeView &node) {
  if (!is_float_weighted_sum(node) || !tap_walk_fits(node)) return false;
  const WindowGeometry geometry = tap_walk(node).geometry;
  return geometry.window.dilation_width == 1 && geometry.output_channels >= 2;
}

KernelCall call(const NodeView &node) {
  auto p = geometry_parameters<WeightedSumFloatFpuParameters>(tap_walk(node).geometry);
  set_float_range(p, node);
  const auto bias = padded(bias_of<float>(node, p.output_channels), outputs_in_fours(node));
  return {.function = "weighted_sum_float_fpu",
          .parameters = parameters_from(p),
          .constants = {{"weights", ElementType::float32, bytes_of(packed_weights(node))},
                        {"bias", ElementType::float32, bytes_of(bias)}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        output_argument()}};
}

void host(std::span<void *const> arguments) { host_call<weighted_sum_float_fpu>(arguments); }

Cost cost(const NodeView &node) {
  const auto outputs = static_cast<double>(tap_walk(node).geometry.output_channels), fours = static_cast<double>(outputs_in_fours(node));
  constexpr double cycles_per_mac = 4, cycles_per_output = 20;
  return {.cycles = fours / outputs * cycles_per_mac * static_cast<double>(macs_of(node)) +
                    cycles_per_output * static_cast<double>(node.output().elements()),
          .constant_bytes = fours / outputs * static_cast<double>(node.input(1).bytes()),
          .code_bytes = 1300};
}

// Of two pixels the second is written while the first's window is still read.
std::vector<Overlap> overlap(const NodeView &node) {
  constexpr int64_t element_bytes = 4;
  const WindowGeometry geometry = tap_walk(node).geometry;
  return {{.input = 0, .at_most = channel_last_overlap(geometry, element_bytes) - element_bytes * geometry.output_channels}};
}

}  // namespace whit::weighted_sum_float_facts
