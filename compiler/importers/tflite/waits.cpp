// SPDX-License-Identifier: Apache-2.0
// From the last such buffer to the first, what follows becomes the body of an `if`; the other body keeps the outputs.
#include "compiler/importers/tflite/waits.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "compiler/importers/tflite/tensor.hpp"

namespace whit {

namespace {

// Cuts the graph behind a node.
class Wait {
 public:
  Wait(Graph graph, size_t position)
      : graph_(std::move(graph)), due_(graph_.nodes[position].outputs.at(1)), origin_(graph_.nodes[position].origin) {
    const auto begin = graph_.nodes.begin() + static_cast<std::ptrdiff_t>(position) + 1;
    rest_.assign(std::make_move_iterator(begin), std::make_move_iterator(graph_.nodes.end()));
    graph_.nodes.erase(begin, graph_.nodes.end());
    due_body_.name = "due";
    other_body_.name = "not due";
  }

  Graph joined() {
    find_inputs();
    Node node{.op = "if", .inputs = {due_}, .origin = origin_};
    node.inputs.insert(node.inputs.end(), inputs_.begin(), inputs_.end());
    for (Node &each : rest_) move(std::move(each));
    for (TensorId id : results()) keep(node, id);
    for (TensorId id : written_) {
      node.outputs.push_back(id);
      due_body_.outputs.push_back(here_.at(id));
      other_body_.outputs.push_back(there_.at(id));
    }
    for (Graph *body : {&due_body_, &other_body_}) node.bodies.push_back(std::make_shared<const Graph>(std::move(*body)));
    graph_.nodes.push_back(std::move(node));
    return std::move(graph_);
  }

 private:
  // What the rest reads and does not compute itself, and the variables that others touch too; its own ones move with it.
  void find_inputs() {
    for (const Node &node : rest_)
      for (TensorId id : node.outputs)
        if (!graph_.tensor(id).variable) computed_.insert(id);
    std::set<TensorId> others(graph_.outputs.begin(), graph_.outputs.end());
    for (const Node &node : graph_.nodes)
      for (const auto *ids : {&node.inputs, &node.outputs}) others.insert(ids->begin(), ids->end());
    for (const Node &node : rest_)
      for (const auto *ids : {&node.inputs, &node.outputs})
        for (TensorId id : *ids) {
          if (id == no_tensor || computed_.contains(id) || graph_.tensor(id).is_constant() || here_.contains(id)) continue;
          if (graph_.tensor(id).variable && !others.contains(id))
            here_[id] = due_body_.add_tensor(graph_.tensor(id));
          else
            add_input(id);
        }
  }

  void add_input(TensorId id) {
    inputs_.push_back(id);
    here_[id] = add_to(due_body_, id);
    there_[id] = add_to(other_body_, id);
    due_body_.inputs.push_back(here_[id]);
    other_body_.inputs.push_back(there_[id]);
  }

  TensorId add_to(Graph &body, TensorId id) {
    Tensor tensor = graph_.tensor(id);
    tensor.variable = false;
    tensor.initial = nullptr;
    return body.add_tensor(std::move(tensor));
  }

  void move(Node node) {
    for (TensorId &id : node.inputs) {
      if (id == no_tensor) continue;
      if (!here_.contains(id)) here_[id] = add_to(due_body_, id);  // a constant
      id = here_.at(id);
    }
    for (TensorId &id : node.outputs) {
      if (here_.contains(id) && due_body_.tensor(here_.at(id)).variable) {
        id = here_.at(id);
        continue;
      }
      if (graph_.tensor(id).variable && std::ranges::find(written_, id) == written_.end()) written_.push_back(id);
      id = here_[id] = add_to(due_body_, id);
    }
    due_body_.nodes.push_back(std::move(node));
  }

  std::vector<TensorId> results() const {
    std::vector<TensorId> results;
    for (TensorId id : graph_.outputs)
      if (computed_.contains(id) && std::ranges::find(results, id) == results.end()) results.push_back(id);
    return results;
  }

  // A variable for what the output had.
  void keep(Node &node, TensorId id) {
    Tensor variable = graph_.tensor(id);
    variable.name += ", kept";
    variable.variable = true;
    if (bits_of(variable.type) == 8) variable.initial = reset_value(variable);
    const TensorId kept = graph_.add_tensor(std::move(variable));
    add_input(kept);
    node.inputs.push_back(kept);
    node.outputs.push_back(id);
    due_body_.outputs.push_back(here_.at(id));
    other_body_.outputs.push_back(there_.at(kept));
    written_.push_back(kept);
    here_[kept] = here_.at(id);
  }

  Graph graph_;
  TensorId due_;
  std::string origin_;
  std::vector<Node> rest_{};
  Graph due_body_{}, other_body_{};
  std::vector<TensorId> inputs_{}, written_{};
  std::set<TensorId> computed_{};
  std::map<TensorId, TensorId> here_{}, there_{};  // the tensors now, in the bodies
};

bool waits(const Node &node) { return node.op == "circular_buffer" && node.attributes.integer("cycles") > 1; }

}  // namespace

Graph with_waits(Graph graph) {
  constexpr auto most = 8;
  const auto count = std::ranges::count_if(graph.nodes, waits);
  if (count > most)
    throw UserError({"", fmt::format("{} buffers that are due every other run", count), fmt::format("up to {}", most), ""});
  for (size_t position = graph.nodes.size(); position-- > 0;)
    if (waits(graph.nodes[position]) && position + 1 < graph.nodes.size()) graph = Wait(std::move(graph), position).joined();
  return graph;
}

}  // namespace whit
