// SPDX-License-Identifier: Apache-2.0
// Takes out nodes that hand on their input as it is: reshape to the same shape, transpose in the same order, pad by
// nothing, concatenation of one, quantize to the scale that the data has.
#include <algorithm>

#include "compiler/passes/rewrite.hpp"
#include "compiler/passes/unary_table.hpp"

namespace whit {

namespace {

bool is_identity(const NodeView &node) {
  const std::string &op = node.node().op;
  if (op == "reshape" || op == "copy") return true;  // bypass_node compares the shapes
  if (op == "concatenation") return node.input_count() == 1;
  if (op == "transpose") {
    const std::vector<int64_t> permutation = node.attributes().integers("permutation");
    return std::is_sorted(permutation.begin(), permutation.end());
  }
  if (op == "pad") {
    const std::vector<int64_t> padding = node.attributes().integers("padding");
    return std::all_of(padding.begin(), padding.end(), [](int64_t count) { return count == 0; });
  }
  return op == "quantize" && keeps_stored_values(node);
}

bool remove(Graph &graph, size_t index, const Uses &uses) {
  const Node &node = graph.nodes[index];
  if (node.inputs.empty() || node.outputs.size() != 1 || graph.tensor(node.inputs[0]).is_constant()) return false;
  return is_identity(NodeView(graph, node)) && bypass_node(graph, index, uses);
}

}  // namespace

bool remove_identities(Graph &graph) { return rewrite_each(graph, remove); }

}  // namespace whit
