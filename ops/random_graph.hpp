// SPDX-License-Identifier: Apache-2.0
// Building blocks for random legal instances of an operator: the conformance run compares every kernel on them.
#pragma once

#include <optional>
#include <random>
#include <vector>

#include "compiler/ir/graph.hpp"
#include "ops/kernel.hpp"
#include "ops/window.hpp"

namespace whit {

class RandomGraphBuilder {
 public:
  // A graph that will hold one node of operator `op`.
  RandomGraphBuilder(std::mt19937 &random, std::string op);

  int64_t between(int64_t least, int64_t most);
  float real_between(float least, float most);
  // How many images: mostly one.
  int64_t images() { return between(0, 3) == 0 ? 2 : 1; }
  // A legal window for that input and kernel: any stride, sometimes dilated, sometimes padded.
  Window window(const Shape &input, int64_t kernel_height, int64_t kernel_width);
  // An "activation" attribute, at times none.
  Attributes activation();

  // A graph input with a random per-tensor quantisation (integers) or none (float32).
  TensorId input(ElementType type, Shape shape);
  // A constant of random values with such a quantisation: an operand that is known beforehand.
  TensorId constant(ElementType type, Shape shape);
  // A constant of random values, its integers quantised symmetrically along `axis`.
  TensorId weights(ElementType type, Shape shape, int axis);
  // A bias of the accumulator's type and scale for those data and weights.
  TensorId bias(TensorId data, TensorId weights, int64_t channels);

  // A variable, which the node also writes: its last outputs, in the order of these calls. Before the first run it holds
  // random values, or its zero point.
  TensorId variable(ElementType type, Shape shape, Quantization quantization = {});

  // Adds the node, its outputs' types and shapes by the operator's own inference, and random output quantisation that
  // suits the range of the sums where the operator accumulates. Outputs become the graph's outputs.
  Graph finish(std::vector<TensorId> inputs, Attributes attributes);
  Graph &graph() { return graph_; }

 private:
  Quantization random_quantization();
  Quantization quantization_for(ElementType type);

  std::mt19937 &random_;
  std::string op_;
  Graph graph_;
  std::vector<TensorId> variables_{};
};

// Sets the fused activation of the graph's node so that it clips nothing that 8 bits do not clip anyway: none, or relu
// with an output zero point of -128, as trained models have it. Some kernels leave all clipping to saturation.
Graph clipped_by_saturation(std::mt19937 &random, Graph graph);

// The type of weights for data of that type: 16-bit data have 8-bit weights.
ElementType weight_type(ElementType data);
// The graph's node with its bias of 64 bits (input 2) in 32.
Graph with_narrow_bias(Graph graph);

// Gives the tensors of a graph of one node those layouts.
void set_layouts(Graph &graph, const LayoutChoice &choice);

// Random bytes for a tensor: any 8- and 16-bit integers, wider ones of every magnitude, floats in [-4, 4].
Bytes random_values(std::mt19937 &random, const Tensor &tensor);
// The values that the readers of that tensor allow, if one of them limits them (`OpDef::input_values`).
std::optional<Interval> allowed_values(const Graph &graph, TensorId id);
// Random bytes for an input of the graph, within what its reader allows.
Bytes random_input(std::mt19937 &random, const Graph &graph, TensorId id);
// The same value everywhere: the largest or smallest that the reader allows.
Bytes extreme_input(const Graph &graph, TensorId id, bool high);

}  // namespace whit
