// SPDX-License-Identifier: Apache-2.0
// The graph every stage reads and every pass rewrites: tensors, nodes in execution order, inputs and outputs.
//
// Tensors are named by their index. A tensor is an input, a constant, a variable (state that outlives a run) or the
// output of exactly one node. Variables may be written by several nodes: each reads what the last one before it wrote.
// Nodes stand in an order in which they can run. Operators that control others (if, while) hold graphs of their own,
// which see nothing but their inputs and their own variables.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/base/bytes.hpp"
#include "compiler/ir/attributes.hpp"
#include "compiler/ir/types.hpp"

namespace whit {

using TensorId = int32_t;
inline constexpr TensorId no_tensor = -1;  // an optional input that is absent

struct Tensor {
  std::string name{};  // as in the model's file; need not be unique
  ElementType type = ElementType::int8;
  Shape shape{};
  Quantization quantization{};
  Layout layout = Layout::channel_last;
  std::shared_ptr<const Bytes> constant{};  // little-endian values in channel_last order; null for a computed tensor
  bool variable = false;                    // keeps its value from run to run
  std::shared_ptr<const Bytes> initial{};   // a variable's value before the first run, as a constant's; null: zeros

  bool is_constant() const { return constant != nullptr; }
  int64_t elements() const { return element_count(shape); }
  int64_t bytes() const { return byte_count(type, shape); }
};

struct Graph;

struct Node {
  std::string op{};  // a name of ops/ops.def
  std::vector<TensorId> inputs{};
  std::vector<TensorId> outputs{};
  Attributes attributes{};
  std::string origin{};  // where the user finds it in the imported file: "operator 3, CONV_2D"
  std::vector<std::shared_ptr<const Graph>> bodies{};  // what it runs or leaves out; never changed, only replaced
};

struct Graph {
  std::string name{};
  std::vector<Tensor> tensors{};
  std::vector<Node> nodes{};
  std::vector<TensorId> inputs{};
  std::vector<TensorId> outputs{};

  Tensor &tensor(TensorId id) { return tensors.at(static_cast<size_t>(id)); }
  const Tensor &tensor(TensorId id) const { return tensors.at(static_cast<size_t>(id)); }
  TensorId add_tensor(Tensor tensor);
  // Adds a constant tensor and returns its id.
  TensorId add_constant(std::string tensor_name, ElementType type, Shape shape, Bytes bytes,
                        Quantization quantization = {});
};

struct Module {
  std::vector<Graph> graphs{};

  Graph &main() { return graphs.at(0); }
  const Graph &main() const { return graphs.at(0); }
};

// A node together with the graph it stands in: what an operator is asked about.
class NodeView {
 public:
  NodeView(const Graph &graph, const Node &node) : graph_(&graph), node_(&node) {}

  const Graph &graph() const { return *graph_; }
  const Node &node() const { return *node_; }
  const Attributes &attributes() const { return node_->attributes; }
  size_t input_count() const { return node_->inputs.size(); }
  size_t output_count() const { return node_->outputs.size(); }
  bool has_input(size_t index) const { return index < input_count() && node_->inputs[index] != no_tensor; }
  // InternalError when absent: the verifier has checked the arity before.
  const Tensor &input(size_t index) const;
  const Tensor &output(size_t index = 0) const;
  // "operator 3, CONV_2D (conv2d)": for messages.
  std::string place() const;

 private:
  const Graph *graph_;
  const Node *node_;
};

}  // namespace whit
