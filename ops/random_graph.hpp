// SPDX-License-Identifier: Apache-2.0
// Building blocks for random legal instances of an operator: the conformance run compares every kernel on them.
#pragma once

#include <random>
#include <vector>

#include "compiler/ir/graph.hpp"
#include "ops/window.hpp"

namespace whit {

class RandomGraphBuilder {
 public:
  // A graph that will hold one node of operator `op`.
  RandomGraphBuilder(std::mt19937 &random, std::string op);

  int64_t between(int64_t least, int64_t most);
  float real_between(float least, float most);
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
};

// Sets the fused activation of the graph's node so that it clips nothing that 8 bits do not clip anyway: none, or relu
// with an output zero point of -128, as trained models have it. Some kernels leave all clipping to saturation.
Graph clipped_by_saturation(std::mt19937 &random, Graph graph);

// Random bytes for a tensor: any integers, floats in [-4, 4].
Bytes random_values(std::mt19937 &random, const Tensor &tensor);

}  // namespace whit
