// SPDX-License-Identifier: Apache-2.0
// The node is copied into a graph of its own whose tensors have one element a value.
#include "compiler/passes/unary_table.hpp"

#include "ops/evaluate.hpp"

namespace whit {

namespace {

Bytes run_on(const NodeView &node, Bytes values, const Shape &shape) {
  Graph graph;
  Tensor input = node.input(0), output = node.output();
  input.shape = output.shape = shape;
  input.constant = std::make_shared<const Bytes>(std::move(values));
  output.variable = false;
  Node copy = node.node();
  copy.inputs = {graph.add_tensor(std::move(input))};
  copy.outputs = {graph.add_tensor(std::move(output))};
  return evaluate_constant(NodeView(graph, copy)).at(0);
}

}  // namespace

std::optional<std::array<int8_t, 256>> unary_table(const NodeView &node) {
  if (node.input(0).type != ElementType::int8 || node.output().type != ElementType::int8) return std::nullopt;
  std::vector<int8_t> all;
  for (int value = -128; value <= 127; ++value) all.push_back(static_cast<int8_t>(value));
  const auto outputs = values_of<int8_t>(run_on(node, bytes_of(all), {static_cast<int64_t>(all.size())}));
  std::array<int8_t, 256> table{};
  std::copy(outputs.begin(), outputs.end(), table.begin());
  return table;
}

bool keeps_stored_values(const NodeView &node) {
  const auto table = unary_table(node);
  if (!table) return false;
  for (int value = -128; value <= 127; ++value)
    if ((*table)[static_cast<size_t>(value + 128)] != value) return false;
  return true;
}

std::vector<float> unary_values(const NodeView &node, const std::vector<float> &inputs) {
  return values_of<float>(run_on(node, bytes_of(inputs), {static_cast<int64_t>(inputs.size())}));
}

}  // namespace whit
