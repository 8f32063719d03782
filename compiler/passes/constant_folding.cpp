// SPDX-License-Identifier: Apache-2.0
// A node whose inputs are all constants is run on the host, by the kernel the device would run, and its outputs become
// constants. Outputs of the graph are left alone: they must be computed into the caller's memory.
#include "compiler/passes/rewrite.hpp"
#include "ops/evaluate.hpp"
#include "ops/op_def.hpp"

namespace whit {

namespace {

constexpr int64_t most_bytes = int64_t{1} << 24;  // larger results are better computed on the device than stored

bool can_fold(const Graph &graph, const Node &node, const Uses &uses) {
  bool any = false;
  for (TensorId id : node.inputs) {
    if (id != no_tensor && !graph.tensor(id).is_constant()) return false;
    any = any || id != no_tensor;
  }
  for (TensorId id : node.outputs)
    if (graph.tensor(id).variable || uses.is_graph_output(id) || graph.tensor(id).bytes() > most_bytes) return false;
  return any && node.bodies.empty() && portable_kernel(NodeView(graph, node)) != nullptr;
}

bool fold(Graph &graph, size_t index, const Uses &uses) {
  const Node node = graph.nodes[index];
  if (!can_fold(graph, node, uses)) return false;
  std::vector<Bytes> values = evaluate_constant(NodeView(graph, node));
  for (size_t i = 0; i < values.size(); ++i)
    graph.tensor(node.outputs[i]).constant = std::make_shared<const Bytes>(std::move(values[i]));
  erase_node(graph, index);
  return true;
}

}  // namespace

bool constant_folding(Graph &graph) { return rewrite_each(graph, fold); }

}  // namespace whit
