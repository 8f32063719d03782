// SPDX-License-Identifier: Apache-2.0
// Building blocks of a graph, and the checked look-up of a node's tensors.
#include "compiler/ir/graph.hpp"

namespace whit {

TensorId Graph::add_tensor(Tensor tensor) {
  tensors.push_back(std::move(tensor));
  return static_cast<TensorId>(tensors.size() - 1);
}

TensorId Graph::add_constant(std::string tensor_name, ElementType type, Shape shape, Bytes bytes, Quantization quantization) {
  Tensor tensor{.name = std::move(tensor_name), .type = type, .shape = std::move(shape)};
  tensor.quantization = std::move(quantization);
  tensor.constant = std::make_shared<const Bytes>(std::move(bytes));
  return add_tensor(std::move(tensor));
}

const Tensor &NodeView::input(size_t index) const {
  internal_check(has_input(index), "{}: input {} is absent", place(), index);
  return graph_->tensor(node_->inputs[index]);
}

const Tensor &NodeView::output(size_t index) const {
  internal_check(index < output_count(), "{}: output {} is absent", place(), index);
  return graph_->tensor(node_->outputs[index]);
}

std::string NodeView::place() const {
  return node_->origin.empty() ? node_->op : fmt::format("{} ({})", node_->origin, node_->op);
}

}  // namespace whit
