// SPDX-License-Identifier: Apache-2.0
// A reshape of a reshape reads what the first one read.
#include "compiler/passes/rewrite.hpp"

namespace whit {

namespace {

bool merge(Graph &graph, size_t index, const Uses &uses) {
  Node &node = graph.nodes[index];
  if (node.op != "reshape") return false;
  const auto before = uses.producer(node.inputs[0]);
  if (!before || graph.nodes[*before].op != "reshape") return false;
  const TensorId source = graph.nodes[*before].inputs[0];
  if (graph.tensor(source).variable) return false;
  node.inputs[0] = source;
  return true;
}

}  // namespace

bool merge_reshapes(Graph &graph) { return rewrite_each(graph, merge); }

}  // namespace whit
