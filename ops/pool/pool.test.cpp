// SPDX-License-Identifier: Apache-2.0
// The pools against values worked out by hand, and planar data against channel_last data.
#include "ops/pool/pool.hpp"

#include <gtest/gtest.h>

#include "ops/evaluate.hpp"
#include "ops/random_graph.hpp"

namespace whit {
namespace {

// A pool of 2 x 2 windows over 1 x 2 x 3 x 1 data, one row of two outputs unless padded.
Graph tiny_pool(const char *op, Window window = {}) {
  Graph graph;
  const Quantization unit{.scales = {1.0F}, .zero_points = {0}};
  graph.inputs = {graph.add_tensor({.name = "in", .shape = {1, 2, 3, 1}, .quantization = unit})};
  Node node{.op = op, .inputs = graph.inputs,
            .attributes = {{"kernel_height", int64_t{2}}, {"kernel_width", int64_t{2}}}};
  set_window(node.attributes, window);
  const Shape shape = operator_of(node).infer(NodeView(graph, node))[0].shape;
  graph.outputs = node.outputs = {graph.add_tensor({.name = "out", .shape = shape, .quantization = unit})};
  graph.nodes.push_back(node);
  return graph;
}

std::vector<int8_t> evaluate(const Graph &graph, const std::vector<int8_t> &input) {
  Evaluator evaluator(graph);
  std::copy(input.begin(), input.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  return values_of<int8_t>(evaluator.bytes(graph.outputs[0]));
}

TEST(Pool, averages_round_halves_away_from_zero) {
  EXPECT_EQ(evaluate(tiny_pool("average_pool2d"), {1, 2, -3, 3, 4, -9}), (std::vector<int8_t>{3, -2}));
  EXPECT_EQ(evaluate(tiny_pool("average_pool2d"), {-1, -2, 0, -3, -4, 0}), (std::vector<int8_t>{-3, -2}));
}

TEST(Pool, averages_count_only_taps_inside) {
  const Graph graph = tiny_pool("average_pool2d", {.stride_width = 3, .padding_top = 1, .padding_left = 1});
  EXPECT_EQ(evaluate(graph, {7, 0, 0, 10, 0, 0}), (std::vector<int8_t>{7, 9}));
}

TEST(Pool, largest_value_wins_below_zero_too) {
  const Graph graph = tiny_pool("max_pool2d", {.padding_bottom = 1});
  EXPECT_EQ(evaluate(graph, {-1, -2, -3, -4, -5, -6}), (std::vector<int8_t>{-1, -2, -4, -5}));
}

TEST(Pool, inference_refuses_windows_in_the_padding) {
  EXPECT_THROW(tiny_pool("average_pool2d", {.padding_left = 2}), UserError);
  EXPECT_THROW(tiny_pool("max_pool2d", {.dilation_width = 2}), UserError);
}

// The bytes of one layout in the order of the other.
Bytes rearranged(const Bytes &bytes, const Tensor &tensor, Layout from, Layout to) {
  if (from == to) return bytes;
  const size_t width = static_cast<size_t>(bits_of(tensor.type) / 8);
  const auto channels = static_cast<size_t>(tensor.shape[3]), pixels = bytes.size() / width / channels;
  Bytes result(bytes.size());
  for (size_t pixel = 0; pixel < pixels; ++pixel)
    for (size_t channel = 0; channel < channels; ++channel) {
      const size_t last = (pixel * channels + channel) * width, plane = (channel * pixels + pixel) * width;
      std::copy_n(bytes.begin() + static_cast<ptrdiff_t>(from == Layout::planar ? plane : last), width,
                  result.begin() + static_cast<ptrdiff_t>(from == Layout::planar ? last : plane));
    }
  return result;
}

// Runs the node with data and output in that layout; data and result are channel_last.
Bytes run_in_layout(Graph graph, Layout layout, const Bytes &data) {
  const Tensor &input = graph.tensor(graph.inputs[0]), &output = graph.tensor(graph.outputs[0]);
  graph.tensor(graph.inputs[0]).layout = graph.tensor(graph.outputs[0]).layout = layout;
  Evaluator evaluator(graph);
  const Bytes arranged = rearranged(data, input, Layout::channel_last, layout);
  std::copy(arranged.begin(), arranged.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  const auto result = evaluator.bytes(graph.outputs[0]);
  return rearranged(Bytes(result.begin(), result.end()), output, layout, Layout::channel_last);
}

TEST(Pool, planar_data_gives_the_same_values) {
  std::mt19937 random(3);
  for (const char *op : {"average_pool2d", "max_pool2d"})
    for (RandomGraph make : find_operator(op)->random_graphs)
      for (int repeat = 0; repeat < 40; ++repeat) {
        const Graph graph = make(random);
        const Bytes data = random_values(random, graph.tensor(graph.inputs[0]));
        EXPECT_EQ(run_in_layout(graph, Layout::planar, data), run_in_layout(graph, Layout::channel_last, data));
      }
}

}  // namespace
}  // namespace whit
