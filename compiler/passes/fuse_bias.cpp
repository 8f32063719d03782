// SPDX-License-Identifier: Apache-2.0
// An add of one constant a channel becomes the bias of the float convolution before it, if that has none.
//
// Exact because sum + 0.0 is the sum (which is never -0.0, having begun at +0.0), so both ways round sum + constant
// once. With a bias already there, (sum + bias) + constant rounds twice and is left alone; so is int8, which rounds to
// the output's scale in between. An infinite sum is clamped to the largest float on its way to the add, and adding the
// constant must not bring it back from there: hence the limit.
#include <algorithm>
#include <cmath>

#include "compiler/passes/rewrite.hpp"
#include "ops/op_def.hpp"

namespace whit {

namespace {

// Half the distance of the largest floats, 2^104: less is lost when added to the largest.
const float limit = std::ldexp(1.0F, 103);

bool is_bare_weighted_sum(const NodeView &node) {
  if (operator_of(node.node()).weight_order == WeightOrder::none) return false;
  if (node.output().type != ElementType::float32 || node.attributes().text("activation", "none") != "none") return false;
  if (!node.has_input(2)) return true;
  if (!node.input(2).is_constant()) return false;
  const std::vector<float> bias = values_of<float>(*node.input(2).constant);
  return std::all_of(bias.begin(), bias.end(), [](float value) { return value == 0.0F; });
}

// One value a channel, from a constant that has one a channel or one for all; empty if it is neither.
std::vector<float> channel_values(const Tensor &constant, int64_t channels) {
  std::vector<float> values = values_of<float>(*constant.constant);
  const bool per_channel = constant.elements() == channels && !constant.shape.empty() && constant.shape.back() == channels;
  if (!per_channel && constant.elements() != 1) return {};
  if (!std::all_of(values.begin(), values.end(), [](float value) { return std::fabs(value) < limit; })) return {};
  values.resize(static_cast<size_t>(channels), values[0]);
  return values;
}

bool fuse(Graph &graph, size_t index, const Uses &uses) {
  const Node add = graph.nodes[index];
  if (add.op != "add" || graph.tensor(add.outputs[0]).type != ElementType::float32) return false;
  const size_t side = graph.tensor(add.inputs[0]).is_constant() ? 1 : 0;
  const TensorId sum = add.inputs[side], constant = add.inputs[1 - side];
  const auto before = uses.producer(sum);
  if (!before || uses.only_reader(sum) != index || !graph.tensor(constant).is_constant()) return false;
  const Shape &shape = graph.tensor(sum).shape;
  if (graph.tensor(add.outputs[0]).shape != shape || graph.tensor(add.outputs[0]).variable) return false;
  if (!is_bare_weighted_sum(NodeView(graph, graph.nodes[*before]))) return false;
  const std::vector<float> bias = channel_values(graph.tensor(constant), shape.back());
  if (bias.empty()) return false;
  const TensorId id = graph.add_constant(graph.tensor(constant).name, ElementType::float32, {shape.back()}, bytes_of(bias));
  Node &node = graph.nodes[*before];
  node.inputs.resize(3);
  node.inputs[2] = id;
  node.outputs = add.outputs;
  node.attributes.set("activation", add.attributes.text("activation", "none"));
  join_origin(node, add);
  erase_node(graph, index);
  return true;
}

}  // namespace

bool fuse_bias(Graph &graph) { return rewrite_each(graph, fuse); }

}  // namespace whit
