// SPDX-License-Identifier: Apache-2.0
// A graph of one node for tests: inputs and constants with their values, then the output's values.
#pragma once

#include "ops/evaluate.hpp"
#include "ops/op_def.hpp"

namespace whit {

class SingleNode {
 public:
  explicit SingleNode(std::string op, Attributes attributes = {}) {
    graph_.nodes.push_back({.op = std::move(op), .attributes = std::move(attributes)});
  }

  template <typename T>
  SingleNode &input(ElementType type, Shape shape, std::vector<T> values, Quantization quantization = {}) {
    const TensorId id = graph_.add_tensor({.name = "input", .type = type, .shape = std::move(shape),
                                           .quantization = std::move(quantization)});
    graph_.inputs.push_back(id);
    values_.push_back(bytes_of(values));
    return add(id);
  }

  template <typename T>
  SingleNode &constant(ElementType type, Shape shape, std::vector<T> values, Quantization quantization = {}) {
    return add(graph_.add_constant("constant", type, std::move(shape), bytes_of(values), std::move(quantization)));
  }

  // Infers the outputs, evaluates and returns the first one's values. UserError as inference throws it.
  template <typename T>
  std::vector<T> run(const Quantization &quantization = {}) {
    Node &node = graph_.nodes[0];
    node.outputs.clear();
    for (const TensorType &type : operator_of(node).infer(NodeView(graph_, node)))
      node.outputs.push_back(graph_.add_tensor({.name = "output", .type = type.type, .shape = type.shape,
                                                .quantization = quantization}));
    Evaluator evaluator(graph_);
    for (size_t index = 0; index < values_.size(); ++index)
      std::copy(values_[index].begin(), values_[index].end(), evaluator.bytes(graph_.inputs[index]).begin());
    evaluator.run();
    return values_of<T>(evaluator.bytes(node.outputs[0]));
  }

  const Shape &output_shape() const { return graph_.tensor(graph_.nodes[0].outputs.at(0)).shape; }

 private:
  SingleNode &add(TensorId id) {
    graph_.nodes[0].inputs.push_back(id);
    return *this;
  }

  Graph graph_;
  std::vector<Bytes> values_;
};

}  // namespace whit
