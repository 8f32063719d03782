// SPDX-License-Identifier: Apache-2.0
// A node whose condition is a constant becomes the nodes of the body that it always runs.
#include <map>

#include "compiler/passes/rewrite.hpp"
#include "ops/op_def.hpp"

namespace whit {

namespace {

// The body's nodes on the graph's tensors. What they are given and what they give is copied where it is a variable, or not
// a body's own tensor; variables are written last, when nothing in the body reads them any more.
class Splice {
 public:
  Splice(Graph &graph, const Node &node, const Graph &body) : graph_(graph), node_(node), body_(body) {}

  std::vector<Node> nodes() {
    for (size_t index = 0; index < body_.inputs.size(); ++index) take_input(body_.inputs[index], node_.inputs[index + 1]);
    for (const Node &each : body_.nodes) {
      nodes_.push_back(each);
      if (nodes_.back().origin.empty()) nodes_.back().origin = node_.origin;
      for (auto *list : {&nodes_.back().inputs, &nodes_.back().outputs})
        for (TensorId &id : *list) id = here(id);
    }
    for (bool variables : {false, true})
      for (size_t index = 0; index < node_.outputs.size(); ++index)
        if (graph_.tensor(node_.outputs[index]).variable == variables) copy(here(body_.outputs[index]), node_.outputs[index]);
    return std::move(nodes_);
  }

 private:
  void take_input(TensorId inside, TensorId given) {
    if (!graph_.tensor(given).variable) {
      ids_[inside] = given;
      return;
    }
    copy(given, here(inside));
  }

  TensorId here(TensorId inside) {
    if (inside == no_tensor) return no_tensor;
    const auto [entry, first] = ids_.insert({inside, no_tensor});
    if (first) entry->second = graph_.add_tensor(body_.tensor(inside));
    return entry->second;
  }

  void copy(TensorId from, TensorId to) {
    nodes_.push_back({.op = "copy", .inputs = {from}, .outputs = {to}, .origin = node_.origin});
  }

  Graph &graph_;
  const Node &node_;
  const Graph &body_;
  std::map<TensorId, TensorId> ids_{};
  std::vector<Node> nodes_{};
};

bool splice(Graph &graph, size_t index, const Uses &) {
  const Node node = graph.nodes[index];
  if (node.op != "if" || !graph.tensor(node.inputs[0]).is_constant()) return false;
  const Graph &body = *node.bodies[graph.tensor(node.inputs[0]).constant->at(0) != 0 ? 0 : 1];
  const std::vector<Node> nodes = Splice(graph, node, body).nodes();
  erase_node(graph, index);
  graph.nodes.insert(graph.nodes.begin() + static_cast<ptrdiff_t>(index), nodes.begin(), nodes.end());
  return true;
}

}  // namespace

bool constant_branches(Graph &graph) { return rewrite_each(graph, splice); }

}  // namespace whit
