// SPDX-License-Identifier: Apache-2.0
// fully_connected against values worked out by hand.
#include "ops/fully_connected/fully_connected.hpp"

#include <gtest/gtest.h>

#include "ops/evaluate.hpp"

namespace whit {
namespace {

// Two rows of three values, weights (1 2 3) and (-1 0 1), bias 10 and 20, all scales 1 and the data's zero point 1.
Graph tiny_fully_connected(Quantization weight_quantization) {
  Graph graph;
  const Quantization unit{.scales = {1.0F}, .zero_points = {1}};
  graph.inputs = {graph.add_tensor({.name = "in", .shape = {1, 2, 3}, .quantization = unit})};
  const TensorId weights =
      graph.add_constant("w", ElementType::int8, {2, 3}, {1, 2, 3, 255, 0, 1}, std::move(weight_quantization));
  const TensorId bias = graph.add_constant("b", ElementType::int32, {2}, bytes_of<int32_t>({10, 20}));
  graph.outputs = {graph.add_tensor({.name = "out", .shape = {2, 2}, .quantization = unit})};
  graph.nodes.push_back(
      {.op = "fully_connected", .inputs = {graph.inputs[0], weights, bias}, .outputs = graph.outputs});
  return graph;
}

Bytes evaluate(const Graph &graph, const Bytes &input) {
  Evaluator evaluator(graph);
  std::copy(input.begin(), input.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  const auto output = evaluator.bytes(graph.outputs[0]);
  return Bytes(output.begin(), output.end());
}

TEST(FullyConnected, multiplies_each_row_by_the_weights) {
  EXPECT_EQ(evaluate(tiny_fully_connected({{1.0F}, {0}}), {2, 3, 4, 1, 1, 3}),
            (Bytes{1 + 4 + 9 + 10 + 1, 3 - 1 + 20 + 1, 6 + 10 + 1, 2 + 20 + 1}));
}

TEST(FullyConnected, scales_each_output_by_its_own_weights) {
  EXPECT_EQ(evaluate(tiny_fully_connected({{1.0F, 2.0F}, {0, 0}, 0}), {2, 3, 4, 1, 1, 3}),
            (Bytes{1 + 4 + 9 + 10 + 1, 2 * (3 - 1 + 20) + 1, 6 + 10 + 1, 2 * (2 + 20) + 1}));
}

TEST(FullyConnected, shape_follows_keep_axes) {
  Graph graph = tiny_fully_connected({{1.0F}, {0}});
  const OpDef &definition = operator_of(graph.nodes[0]);
  EXPECT_EQ(definition.infer(NodeView(graph, graph.nodes[0]))[0].shape, (Shape{2, 2}));
  graph.nodes[0].attributes.set("keep_axes", int64_t{1});
  EXPECT_EQ(definition.infer(NodeView(graph, graph.nodes[0]))[0].shape, (Shape{1, 2, 2}));
}

TEST(FullyConnected, inference_refuses_rows_of_another_length) {
  Graph graph = tiny_fully_connected({{1.0F}, {0}});
  graph.tensor(graph.inputs[0]).shape = {1, 7};
  EXPECT_THROW(operator_of(graph.nodes[0]).infer(NodeView(graph, graph.nodes[0])), UserError);
}

TEST(FullyConnected, asymmetric_weights_have_no_kernel) {
  const Graph graph = tiny_fully_connected({{1.0F}, {3}});
  EXPECT_THROW(Evaluator{graph}, UserError);
}

}  // namespace
}  // namespace whit
