// SPDX-License-Identifier: Apache-2.0
// Operators that run other graphs of the file. Each use of a graph becomes a body of its own: the variables that it
// mentions by name are inputs of it, and those that it writes outputs; what its operators remember stays within.
#include <algorithm>
#include <map>

#include "compiler/importers/tflite/operators.hpp"

namespace whit::tflite_operators {

namespace {

// What two bodies of one node mention, in one order for both.
using Names = std::vector<std::string>;

bool writes(const Graph &graph, TensorId variable) {
  return std::ranges::any_of(graph.nodes, [&](const Node &node) { return std::ranges::count(node.outputs, variable) > 0; });
}

class BodyReader {
 public:
  // The node's inputs from `first` on are those of its bodies.
  BodyReader(OperatorReader &reader, size_t first) : reader_(reader) {
    for (size_t position = first; position < reader.input_count(); ++position)
      if (reader.is_resource(position))
        handles_.push_back(reader.handle(position));
      else
        inputs_.push_back(reader.data(position));
  }

  void add(int32_t graph) { bodies_.push_back(reader_.tensors().model().graph(graph, handles_)); }

  // The node with bodies that hold no variables but what their operators remember. `carried`: every variable goes in and out, as a loop's values do;
  // `condition`: the first body only tells a truth.
  Node node(std::string op, std::vector<TensorId> inputs, bool condition) {
    const Names read = names(false), written = condition ? read : names(true);
    Node node{.op = std::move(op), .inputs = std::move(inputs)};
    node.inputs.insert(node.inputs.end(), inputs_.begin(), inputs_.end());
    for (const std::string &name : read) node.inputs.push_back(variable(name));
    for (const std::string &name : written) node.outputs.push_back(variable(name));
    for (size_t index = 0; index < bodies_.size(); ++index) {
      const bool only_tells = condition && index == 0;
      if (only_tells) refuse_writing(bodies_[0]);
      node.bodies.push_back(std::make_shared<const Graph>(without_variables(bodies_[index], read, only_tells ? Names{} : written)));
    }
    return node;
  }

  // Outputs that are resources stand for the inputs of the same place.
  void pass_handles_on(size_t first) {
    for (size_t position = 0; position < reader_.output_count() && position + first < reader_.input_count(); ++position)
      if (reader_.is_resource_output(position) && reader_.is_resource(position + first))
        reader_.output_handle(position) = reader_.handle(position + first);
  }

 private:
  Names names(bool written_only) const {
    std::map<std::string, bool> all;
    for (const ImportedGraph &body : bodies_)
      for (const auto &[name, id] : body.variables)
        if (!written_only || writes(body.graph, id)) all[name] = true;
    Names result;
    for (const auto &[name, known] : all) result.push_back(name);
    return result;
  }

  TensorId variable(const std::string &name) {
    TensorTable &tensors = reader_.tensors();
    const Tensor like = tensors.model().resources.known(name);
    return tensors.variable(name, like, reader_.entry().origin);
  }

  void refuse_writing(const ImportedGraph &body) {
    for (const auto &[name, id] : body.variables)
      if (writes(body.graph, id)) reader_.fail(fmt::format("a condition that assigns variable '{}'", name), "conditions that only read", "");
  }

  // Each write of a named variable makes a tensor of its own, which later nodes read.
  Graph without_variables(ImportedGraph body, const Names &read, const Names &written) {
    Graph &graph = body.graph;
    std::map<TensorId, TensorId> now;
    const auto fresh = [&](const Tensor &like) {
      Tensor tensor = like;
      tensor.variable = false;
      tensor.initial = nullptr;
      return graph.add_tensor(std::move(tensor));
    };
    std::map<std::string, TensorId> latest;
    for (const std::string &name : read) {
      const TensorId input = fresh(reader_.tensors().model().resources.known(name));
      graph.inputs.push_back(input);
      latest[name] = input;
      if (body.variables.contains(name)) now[body.variables.at(name)] = input;
    }
    rename(graph, now, fresh);
    for (const auto &[name, id] : body.variables) latest[name] = now.at(id);
    for (TensorId &output : graph.outputs)
      if (now.contains(output)) output = now.at(output);
    for (const std::string &name : written) graph.outputs.push_back(latest.at(name));
    for (const auto &[name, id] : body.variables) graph.tensor(id).variable = false, graph.tensor(id).initial = nullptr;
    return std::move(graph);
  }

  template <typename Fresh>
  static void rename(Graph &graph, std::map<TensorId, TensorId> &now, Fresh fresh) {
    for (Node &node : graph.nodes) {
      for (TensorId &id : node.inputs)
        if (now.contains(id)) id = now.at(id);
      for (TensorId &id : node.outputs)
        if (now.contains(id)) id = now.at(id) = fresh(graph.tensor(id));
    }
  }

  OperatorReader &reader_;
  std::vector<std::string> handles_;
  std::vector<TensorId> inputs_;
  std::vector<ImportedGraph> bodies_;
};

}  // namespace

Node branch(OperatorReader &reader) {
  const auto options = reader.options<tflite::IfOptions>();
  BodyReader bodies(reader, 1);
  bodies.add(options.then_subgraph_index);
  bodies.add(options.else_subgraph_index);
  return bodies.node("if", {reader.data(0)}, false);
}

Node loop(OperatorReader &reader) {
  const auto options = reader.options<tflite::WhileOptions>();
  BodyReader bodies(reader, 0);
  bodies.add(options.cond_subgraph_index);
  bodies.add(options.body_subgraph_index);
  bodies.pass_handles_on(0);
  return bodies.node("while", {}, true);
}

}  // namespace whit::tflite_operators
