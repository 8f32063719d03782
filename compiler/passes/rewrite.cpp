// SPDX-License-Identifier: Apache-2.0
// Uses are rebuilt after every change: graphs have some dozens of nodes.
#include "compiler/passes/rewrite.hpp"

#include <algorithm>

namespace whit {

namespace {

void replace(std::vector<TensorId> &ids, TensorId from, TensorId to) { std::replace(ids.begin(), ids.end(), from, to); }

bool same_tensor(const Tensor &a, const Tensor &b) {
  return a.type == b.type && a.shape == b.shape && a.quantization == b.quantization && a.layout == b.layout;
}

}  // namespace

Uses::Uses(const Graph &graph)
    : producers_(graph.tensors.size()), readers_(graph.tensors.size()), graph_outputs_(graph.tensors.size()) {
  for (size_t index = 0; index < graph.nodes.size(); ++index) {
    for (TensorId id : graph.nodes[index].inputs)
      if (id != no_tensor) readers_[static_cast<size_t>(id)].push_back(index);
    for (TensorId id : graph.nodes[index].outputs)
      if (!graph.tensor(id).variable) producers_[static_cast<size_t>(id)] = index;
  }
  for (TensorId id : graph.outputs) graph_outputs_[static_cast<size_t>(id)] = true;
}

std::optional<size_t> Uses::only_reader(TensorId id) const {
  const std::vector<size_t> &readers = readers_[static_cast<size_t>(id)];
  if (readers.size() != 1 || is_graph_output(id)) return std::nullopt;
  return readers[0];
}

bool rewrite_each(Graph &graph, bool (*step)(Graph &graph, size_t node, const Uses &uses)) {
  bool changed = false;
  Uses uses(graph);
  for (size_t node = 0; node < graph.nodes.size();) {
    if (step(graph, node, uses)) {
      changed = true;
      uses = Uses(graph);
    } else {
      ++node;
    }
  }
  return changed;
}

void erase_node(Graph &graph, size_t node) { graph.nodes.erase(graph.nodes.begin() + static_cast<ptrdiff_t>(node)); }

void join_origin(Node &node, const Node &absorbed) {
  if (absorbed.origin.empty()) return;
  node.origin += node.origin.empty() ? absorbed.origin : " + " + absorbed.origin;
}

bool bypass_node(Graph &graph, size_t node, const Uses &uses) {
  const TensorId from = graph.nodes[node].outputs[0], to = graph.nodes[node].inputs[0];
  if (graph.tensor(from).variable || graph.tensor(to).variable) return false;
  if (!same_tensor(graph.tensor(from), graph.tensor(to))) return false;
  if (!uses.is_graph_output(from)) {
    for (Node &each : graph.nodes) replace(each.inputs, from, to);
  } else {
    // The output keeps its tensor, and with it its name: who computed the input computes it.
    if (!uses.producer(to) || uses.is_graph_output(to)) return false;
    for (Node &each : graph.nodes) {
      replace(each.inputs, to, from);
      replace(each.outputs, to, from);
    }
  }
  erase_node(graph, node);
  return true;
}

}  // namespace whit
