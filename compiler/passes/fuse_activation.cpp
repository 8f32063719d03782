// SPDX-License-Identifier: Apache-2.0
// relu, relu6 or relu_n1_to_1 after an operator with a fused activation becomes that activation, where the clamp that it
// would leave is what the node computes: on all 256 stored values of int8, on the values around each edge of float32.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "compiler/passes/rewrite.hpp"
#include "compiler/passes/unary_table.hpp"
#include "device/core/requantize.hpp"
#include "ops/activation_range.hpp"
#include "ops/op_def.hpp"

namespace whit {

namespace {

bool is_activation(const Node &node) {
  return node.op == "relu" || node.op == "relu6" || node.op == "relu_n1_to_1";
}

bool takes_activation(const Node &node) {
  const auto rules = operator_of(node).attributes.value_or(std::span<const AttributeRule>{});
  return std::any_of(rules.begin(), rules.end(), [](const AttributeRule &rule) { return rule.name == "activation"; }) &&
         node.attributes.text("activation", "none") == "none";
}

// An operator may take some activations in some of its modes only.
bool is_legal(const NodeView &fused) {
  try {
    operator_of(fused.node()).infer(fused);
    return true;
  } catch (const UserError &) {
    return false;
  }
}

bool same_on_integers(const NodeView &activation, const NodeView &fused) {
  const auto table = unary_table(activation);
  if (!table) return false;
  const IntegerRange range = integer_activation_range(fused);
  for (int32_t value = -128; value <= 127; ++value)
    if ((*table)[static_cast<size_t>(value + 128)] != clamp(value, range.low, range.high)) return false;
  return true;
}

// A clamp is piecewise the identity or constant: where it agrees on both sides of each edge, it agrees everywhere.
bool same_on_reals(const NodeView &activation, const NodeView &fused) {
  using Limits = std::numeric_limits<float>;
  std::vector<float> values = {Limits::lowest(), -0.0F, 0.0F, Limits::denorm_min(), -Limits::denorm_min(), Limits::max(),
                               Limits::quiet_NaN()};
  for (float edge : {-1.0F, 1.0F, 6.0F})
    values.insert(values.end(), {std::nextafterf(edge, Limits::lowest()), edge, std::nextafterf(edge, Limits::max())});
  const std::vector<float> outputs = unary_values(activation, values);
  const RealRange range = real_activation_range(fused);
  for (size_t i = 0; i < values.size(); ++i)
    if (std::bit_cast<uint32_t>(outputs[i]) != std::bit_cast<uint32_t>(clamp_float(values[i], range.low, range.high)))
      return false;
  return true;
}

bool same_values(const NodeView &activation, const NodeView &fused) {
  const ElementType type = activation.output().type;
  if (activation.input(0).quantization != activation.output().quantization) return false;
  if (type == ElementType::int8) return same_on_integers(activation, fused);
  return type == ElementType::float32 && same_on_reals(activation, fused);
}

bool fuse(Graph &graph, size_t index, const Uses &uses) {
  const Node activation = graph.nodes[index];
  if (!is_activation(activation) || graph.tensor(activation.outputs[0]).variable) return false;
  const TensorId source = activation.inputs[0];
  const auto before = uses.producer(source);
  if (!before || uses.only_reader(source) != index || !takes_activation(graph.nodes[*before])) return false;
  Node fused = graph.nodes[*before];
  fused.outputs = activation.outputs;
  fused.attributes.set("activation", activation.op);
  const NodeView view(graph, fused);
  if (!is_legal(view) || !same_values(NodeView(graph, activation), view)) return false;
  join_origin(fused, activation);
  graph.nodes[*before] = std::move(fused);
  erase_node(graph, index);
  return true;
}

}  // namespace

bool fuse_activation(Graph &graph) { return rewrite_each(graph, fuse); }

}  // namespace whit
