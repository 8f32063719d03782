// SPDX-License-Identifier: Apache-2.0
// Removes nodes whose results nobody needs and tensors that nothing mentions. What is left is numbered in the order of
// the text form: inputs, then each node's constants and outputs.
#include "compiler/passes/pipeline.hpp"

namespace whit {

namespace {

bool remove_dead_nodes(Graph &graph) {
  std::vector<bool> needed(graph.tensors.size());
  const auto need = [&](TensorId id) {
    if (id != no_tensor) needed[static_cast<size_t>(id)] = true;
  };
  const auto is_needed = [&](const Node &node) {
    bool any = node.outputs.empty();  // such a node can only be there for its effect
    for (TensorId id : node.outputs) any = any || needed[static_cast<size_t>(id)] || graph.tensor(id).variable;
    return any;
  };
  for (TensorId id : graph.outputs) need(id);
  std::vector<Node> kept;
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node)
    if (is_needed(*node)) {
      for (TensorId id : node->inputs) need(id);
      kept.push_back(std::move(*node));
    }
  const bool changed = kept.size() != graph.nodes.size();
  graph.nodes.assign(std::make_move_iterator(kept.rbegin()), std::make_move_iterator(kept.rend()));
  return changed;
}

bool renumber_tensors(Graph &graph) {
  std::vector<TensorId> numbers(graph.tensors.size(), no_tensor);
  std::vector<TensorId> order;
  const auto number = [&](std::vector<TensorId> &ids) {
    for (TensorId &id : ids) {
      if (id == no_tensor) continue;
      TensorId &assigned = numbers[static_cast<size_t>(id)];
      if (assigned == no_tensor) {
        assigned = static_cast<TensorId>(order.size());
        order.push_back(id);
      }
      id = assigned;
    }
  };
  number(graph.inputs);
  for (Node &node : graph.nodes) {
    number(node.inputs);
    number(node.outputs);
  }
  number(graph.outputs);
  std::vector<Tensor> tensors;
  bool changed = order.size() != graph.tensors.size();
  for (TensorId id : order) {
    changed = changed || id != static_cast<TensorId>(tensors.size());
    tensors.push_back(std::move(graph.tensor(id)));
  }
  graph.tensors = std::move(tensors);
  return changed;
}

}  // namespace

bool dead_code(Graph &graph) {
  const bool removed = remove_dead_nodes(graph);
  return renumber_tensors(graph) || removed;
}

}  // namespace whit
