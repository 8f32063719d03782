// SPDX-License-Identifier: Apache-2.0
// Facts of fully_connected's kernel for cores that only multiply bytes.
#define WHIT_HOST
#include "ops/fully_connected/fully_connected_bytes.hpp"

#include <algorithm>

#include "ops/byte_matmul.hpp"
#include "ops/fully_connected/fully_connected.bytes.kernel.hpp"
#include "ops/fully_connected/fully_connected.hpp"
#include "ops/weighted_sum.hpp"

namespace whit::fully_connected_bytes_facts {

bool fits(const NodeView &node) {
  const FullyConnectedSize size = fully_connected_size(node);
  return is_int8_weighted_sum(node, size.outputs) && size.rows <= 32767 && size.depth <= most_byte_values &&
         byte_matmul_constants(node, fully_connected_multipliers(node)).has_value();
}

KernelCall call(const NodeView &node) {
  const FullyConnectedSize size = fully_connected_size(node);
  auto constants = byte_matmul_constants(node, fully_connected_multipliers(node));
  internal_check(constants.has_value(), "a kernel was chosen that does not fit");
  const FullyConnectedBytesParameters p{static_cast<int16_t>(size.rows), static_cast<int16_t>(size.depth),
                                        static_cast<int16_t>(size.outputs)};
  return {.function = "fully_connected_bytes",
          .parameters = parameters_from(p),
          .constants = {{"weights", ElementType::uint8, std::move(constants->weights)},
                        {"constants", ElementType::uint8, std::move(constants->constants)}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        output_argument(), scratch_argument()}};
}

void host(std::span<void *const> arguments) { host_call<fully_connected_bytes>(arguments); }

Cost cost(const NodeView &node) {
  const FullyConnectedSize size = fully_connected_size(node);
  const auto outputs = static_cast<double>(size.outputs), depth = static_cast<double>(size.depth);
  return {.cycles = static_cast<double>(size.rows) * (outputs * (10.5 * depth + 190) + 15 * depth),
          .constant_bytes = outputs * (depth + 13),
          .code_bytes = 700};
}

int64_t scratch(const NodeView &node) { return (fully_connected_size(node).depth + 3) / 4 * 4; }

std::vector<Overlap> overlap(const NodeView &node) {
  // A row's inputs are all copied before its outputs are written; the last row constrains nothing.
  const FullyConnectedSize size = fully_connected_size(node);
  const int64_t apart = node.input(0).bytes(), each = size.depth - size.outputs;
  if (size.rows == 1) return {{.input = 0, .at_most = apart}};
  return {{.input = 0, .at_most = std::min({apart, each, each * (size.rows - 1)})}};
}

}  // namespace whit::fully_connected_bytes_facts
