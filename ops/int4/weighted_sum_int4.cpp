// SPDX-License-Identifier: Apache-2.0
// Facts and constants of the kernels with 4-bit weights.
#define WHIT_HOST
#include "ops/int4/weighted_sum_int4.hpp"

#include <algorithm>

#include "ops/int4/weighted_sum_int4.kernel.hpp"
#include "ops/tap_walk.hpp"

namespace whit::weighted_sum_int4_kernel {

bool fits(const NodeView &node) {
  constexpr int64_t most_terms = 1 << 19;  // of 255 * 8, whose sum has 31 bits, a bias included
  return is_int4_weighted_sum(node, node.output().shape.back()) && tap_walk_fits(node) &&
         node.input(1).elements() / node.output().shape.back() <= most_terms;
}

KernelCall call(const NodeView &node) {
  auto p = tap_walk_parameters<WeightedSumInt4Parameters>(node);
  set_int8_range(p, node);
  return {.function = "weighted_sum_int4",
          .parameters = parameters_from(p),
          .constants = integer_constants<int32_t>(node, tap_walk_multipliers(node)),
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        constant_argument(2), constant_argument(3), output_argument()}};
}

void host(std::span<void *const> arguments) { host_call<weighted_sum_int4>(arguments); }

Cost cost(const NodeView &node) {
  constexpr double cycles_per_mac = 14;
  return {.cycles = cycles_per_mac * static_cast<double>(macs_of(node)),
          .constant_bytes = static_cast<double>(node.input(1).bytes())};
}

Graph with_narrow_weights(Graph graph) {
  Tensor &weights = graph.tensor(graph.nodes[0].inputs.at(1));
  const Bytes wide = *weights.constant;
  Bytes narrow((wide.size() + 1) / 2);
  for (size_t index = 0; index < wide.size(); ++index)
    narrow[index / 2] = static_cast<uint8_t>(narrow[index / 2] | (wide[index] >> 4) << (index % 2 == 0 ? 0 : 4));
  weights.type = ElementType::int4;
  weights.constant = std::make_shared<const Bytes>(std::move(narrow));
  for (float &scale : graph.tensor(graph.outputs[0]).quantization.scales) scale /= 16;
  return graph;
}

}  // namespace whit::weighted_sum_int4_kernel
