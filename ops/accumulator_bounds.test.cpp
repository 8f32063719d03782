// SPDX-License-Identifier: Apache-2.0
// Bounds worked out by hand, and bounds against what random inputs give for random nodes of every operator that has
// weights.
#include "ops/accumulator_bounds.hpp"

#include <gtest/gtest.h>

#include "ops/evaluate.hpp"
#include "ops/random_graph.hpp"

namespace whit {
namespace {

// One pixel of two channels, zero point 3; two filters of one tap: (2, -1) with bias 10 and (0, 0) with bias -7.
Graph two_filters(int64_t padding = 0) {
  Graph graph;
  graph.inputs = {graph.add_tensor({.name = "in", .shape = {1, 1, 1, 2}, .quantization = {{1.0F}, {3}}})};
  const TensorId weights = graph.add_constant("w", ElementType::int8, {2, 1, 1, 2}, {2, 0xff, 0, 0}, {{1.0F}, {0}});
  const TensorId bias = graph.add_constant("b", ElementType::int32, {2}, bytes_of<int32_t>({10, -7}));
  graph.outputs = {graph.add_tensor(
      {.name = "out", .shape = {1, 1 + padding, 1, 2}, .quantization = {{4.0F}, {-5}}})};
  graph.nodes.push_back({.op = "conv2d", .inputs = {graph.inputs[0], weights, bias}, .outputs = graph.outputs,
                         .attributes = {{"padding_top", padding}}});
  return graph;
}

TEST(AccumulatorBounds, sum_the_ends_of_each_term) {
  const Graph graph = two_filters();
  const std::vector<Interval> expected = {{10 + 2 * (-128 - 3) - (127 - 3), 10 + 2 * (127 - 3) - (-128 - 3)}, {-7, -7}};
  EXPECT_EQ(accumulator_bounds(NodeView(graph, graph.nodes[0])), expected);
}

TEST(AccumulatorBounds, constant_channels_give_one_value_unless_the_window_pads) {
  const std::vector<Interval> data = {{5, 5}, {4, 4}};
  const Graph plain = two_filters(0), padded = two_filters(1);
  const std::vector<Interval> without = {{13, 13}, {-7, -7}}, with = {{9, 14}, {-7, -7}};
  EXPECT_EQ(accumulator_bounds(NodeView(plain, plain.nodes[0]), data), without);
  EXPECT_EQ(accumulator_bounds(NodeView(padded, padded.nodes[0]), data), with);
}

TEST(AccumulatorBounds, requantised_ends_carry_zero_point_and_activation) {
  Graph graph = two_filters();
  graph.nodes[0].attributes.set("activation", std::string("relu"));
  const std::vector<Interval> sums = {{-100, 42}, {-7, -7}};
  const std::vector<Interval> expected = {{-5, 6}, {-5, -5}};  // 42 / 4 = 10.5 rounds to 11
  EXPECT_EQ(requantized_bounds(NodeView(graph, graph.nodes[0]), sums), expected);
}

TEST(AccumulatorBounds, sums_that_overflow_claim_nothing) {
  const Graph graph = two_filters();
  const std::vector<Interval> sums = {{0, int64_t{1} << 31}, {0, 0}};
  EXPECT_EQ(requantized_bounds(NodeView(graph, graph.nodes[0]), sums)[0], (Interval{-128, 127}));
}

TEST(AccumulatorBounds, hold_for_random_nodes_and_inputs) {
  std::mt19937 random(7);
  size_t tried = 0;
  for (const OpDef *definition : all_operators())
    for (RandomGraph make : definition->random_graphs)
      for (int repeat = 0; repeat < 20; ++repeat) {
        const Graph graph = make(random);
        const NodeView node(graph, graph.nodes[0]);
        if (!has_accumulator_bounds(node)) continue;
        const std::vector<Interval> allowed = requantized_bounds(node, accumulator_bounds(node));
        Evaluator evaluator(graph);
        const Bytes input = random_values(random, graph.tensor(graph.inputs[0]));
        std::copy(input.begin(), input.end(), evaluator.bytes(graph.inputs[0]).begin());
        evaluator.run();
        const auto outputs = evaluator.bytes(graph.outputs[0]);
        if (node.output().type != ElementType::int8) continue;
        for (size_t i = 0; i < outputs.size(); ++i) {
          const auto value = static_cast<int8_t>(outputs[i]);
          const Interval interval = allowed[i % allowed.size()];
          ASSERT_TRUE(interval.low <= value && value <= interval.high) << definition->name;
        }
        ++tried;
      }
  EXPECT_GT(tried, 0U);
}

}  // namespace
}  // namespace whit
