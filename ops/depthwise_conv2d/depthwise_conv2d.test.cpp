// SPDX-License-Identifier: Apache-2.0
// depthwise_conv2d against values worked out by hand.
#include "ops/depthwise_conv2d/depthwise_conv2d.hpp"

#include <gtest/gtest.h>

#include "ops/evaluate.hpp"

namespace whit {
namespace {

// A 1x2x2x2 input and a 2x2 window, all scales 1 and the zero points 1.
Graph tiny_depthwise(Bytes weights, int64_t outputs) {
  Graph graph;
  const Quantization unit{.scales = {1.0F}, .zero_points = {1}};
  graph.inputs = {graph.add_tensor({.name = "in", .shape = {1, 2, 2, 2}, .quantization = unit})};
  const TensorId filter =
      graph.add_constant("w", ElementType::int8, {1, 2, 2, outputs}, std::move(weights), {{1.0F}, {0}});
  graph.outputs = {graph.add_tensor({.name = "out", .shape = {1, 1, 1, outputs}, .quantization = unit})};
  graph.nodes.push_back({.op = "depthwise_conv2d", .inputs = {graph.inputs[0], filter}, .outputs = graph.outputs});
  return graph;
}

Bytes evaluate(const Graph &graph, const Bytes &input) {
  Evaluator evaluator(graph);
  std::copy(input.begin(), input.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  const auto output = evaluator.bytes(graph.outputs[0]);
  return Bytes(output.begin(), output.end());
}

// Minus the zero point, channel 0 holds 1 2 3 4 and channel 1 holds 5 6 7 8.
const Bytes two_channels = {2, 6, 3, 7, 4, 8, 5, 9};

TEST(DepthwiseConv2d, keeps_channels_apart) {
  const Graph graph = tiny_depthwise({1, 0, 1, 0, 1, 0, 1, 2}, 2);
  EXPECT_EQ(evaluate(graph, two_channels), (Bytes{1 + 2 + 3 + 4 + 1, 8 * 2 + 1}));
}

TEST(DepthwiseConv2d, output_channels_of_one_data_channel_stand_together) {
  const Graph graph = tiny_depthwise({1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0}, 4);
  EXPECT_EQ(evaluate(graph, two_channels), (Bytes{1 + 1, 2 + 1, 7 + 1, 5 + 6 + 1}));
}

TEST(DepthwiseConv2d, taps_outside_the_input_count_nothing) {
  Graph graph = tiny_depthwise({1, 0, 1, 0, 1, 0, 1, 2}, 2);
  set_window(graph.nodes[0].attributes, {.padding_top = 1, .padding_left = 1});
  graph.tensor(graph.outputs[0]).shape = {1, 2, 2, 2};
  EXPECT_EQ(evaluate(graph, two_channels)[0], 1 + 1);
  EXPECT_EQ(evaluate(graph, two_channels)[1], 5 * 2 + 1);
}

TEST(DepthwiseConv2d, inference_refuses_channels_that_are_no_multiple) {
  Graph graph = tiny_depthwise({1, 0, 1, 0, 1, 0, 1, 2}, 2);
  graph.tensor(graph.inputs[0]).shape = {1, 2, 2, 3};
  EXPECT_THROW(operator_of(graph.nodes[0]).infer(NodeView(graph, graph.nodes[0])), UserError);
}

// One channel a pixel: with a 1x1 window the output may lie exactly over the input.
TEST(DepthwiseConv2d, pointwise_runs_in_place) {
  const WindowGeometry geometry{.input_height = 4, .input_width = 4, .input_channels = 8, .output_height = 4,
                                .output_width = 4, .output_channels = 8, .kernel_height = 1, .kernel_width = 1};
  EXPECT_EQ(channel_last_overlap(geometry, 1, ChannelUse::own), 0);
  EXPECT_EQ(channel_last_overlap(geometry, 1, ChannelUse::all), -8);
}

}  // namespace
}  // namespace whit
