// SPDX-License-Identifier: Apache-2.0
// A transpose of a transpose becomes one transpose of what the first one read; one that only moves axes of length 1
// becomes a reshape, which costs nothing. Pairs that cancel are left as identities for remove_identities.
#include "compiler/passes/rewrite.hpp"

namespace whit {

namespace {

std::vector<int64_t> permutation_of(const Node &node) { return node.attributes.integers("permutation"); }

bool merge_pair(Graph &graph, Node &node, const Uses &uses) {
  const auto before = uses.producer(node.inputs[0]);
  if (!before || graph.nodes[*before].op != "transpose") return false;
  const TensorId source = graph.nodes[*before].inputs[0];
  if (graph.tensor(source).variable) return false;
  const std::vector<int64_t> first = permutation_of(graph.nodes[*before]);
  std::vector<int64_t> both;
  for (int64_t axis : permutation_of(node)) both.push_back(first.at(static_cast<size_t>(axis)));
  node.attributes.set("permutation", both);
  node.inputs[0] = source;
  return true;
}

// Whether the axes that are longer than 1 keep their order; an identity is none of this pass's business.
bool only_moves_single_axes(const Shape &shape, const std::vector<int64_t> &permutation) {
  int64_t last = -1;
  bool moves = false;
  for (size_t position = 0; position < permutation.size(); ++position) {
    const int64_t axis = permutation[position];
    moves = moves || axis != static_cast<int64_t>(position);
    if (shape.at(static_cast<size_t>(axis)) == 1) continue;
    if (axis < last) return false;
    last = axis;
  }
  return moves;
}

bool cancel(Graph &graph, size_t index, const Uses &uses) {
  Node &node = graph.nodes[index];
  if (node.op != "transpose") return false;
  if (merge_pair(graph, node, uses)) return true;
  if (!only_moves_single_axes(graph.tensor(node.inputs[0]).shape, permutation_of(node))) return false;
  node.op = "reshape";
  node.attributes = {{"shape", graph.tensor(node.outputs[0]).shape}};
  return true;
}

}  // namespace

bool cancel_transposes(Graph &graph) { return rewrite_each(graph, cancel); }

}  // namespace whit
