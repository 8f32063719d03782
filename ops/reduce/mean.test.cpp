// SPDX-License-Identifier: Apache-2.0
// mean against values worked out by hand, over every choice of axes and in both layouts.
#include "ops/reduce/mean.hpp"

#include <gtest/gtest.h>

#include "ops/evaluate.hpp"

namespace whit {
namespace {

Graph mean_of(Shape shape, std::vector<int64_t> axes, bool keep_axes, ElementType type = ElementType::float32) {
  Graph graph;
  const Quantization unit = type == ElementType::int8 ? Quantization{{1.0F}, {2}} : Quantization{};
  graph.inputs = {graph.add_tensor({.name = "in", .type = type, .shape = std::move(shape), .quantization = unit})};
  Node node{.op = "mean", .inputs = graph.inputs,
            .attributes = {{"axes", std::move(axes)}, {"keep_axes", int64_t{keep_axes ? 1 : 0}}}};
  const TensorType output = operator_of(node).infer(NodeView(graph, node))[0];
  graph.outputs = node.outputs = {
      graph.add_tensor({.name = "out", .type = type, .shape = output.shape, .quantization = unit})};
  graph.nodes.push_back(node);
  return graph;
}

template <typename T>
std::vector<T> evaluate(const Graph &graph, const std::vector<T> &input) {
  Evaluator evaluator(graph);
  const Bytes bytes = bytes_of(input);
  std::copy(bytes.begin(), bytes.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  return values_of<T>(evaluator.bytes(graph.outputs[0]));
}

// 1 x 2 x 2 x 3, channel_last.
const std::vector<float> counting = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

TEST(Mean, averages_the_axes_it_is_told) {
  const Shape shape = {1, 2, 2, 3};
  EXPECT_EQ(evaluate(mean_of(shape, {1, 2}, true), counting), (std::vector<float>{4.5F, 5.5F, 6.5F}));
  EXPECT_EQ(evaluate(mean_of(shape, {-1}, false), counting), (std::vector<float>{1, 4, 7, 10}));
  EXPECT_EQ(evaluate(mean_of(shape, {2}, false), counting), (std::vector<float>{1.5F, 2.5F, 3.5F, 7.5F, 8.5F, 9.5F}));
  EXPECT_EQ(evaluate(mean_of(shape, {1, 3}, false), counting), (std::vector<float>{4, 7}));
  EXPECT_EQ(evaluate(mean_of(shape, {0, 1, 2, 3}, false), counting), (std::vector<float>{5.5F}));
}

TEST(Mean, planar_data_gives_the_same_values) {
  const std::vector<float> planes = {0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11};
  for (const std::vector<int64_t> &axes : {std::vector<int64_t>{1, 2}, {3}, {1, 3}, {2, 3}}) {
    Graph graph = mean_of({1, 2, 2, 3}, axes, false);
    const std::vector<float> expected = evaluate(graph, counting);
    graph.tensor(graph.inputs[0]).layout = Layout::planar;
    EXPECT_EQ(evaluate(graph, planes), expected);
  }
}

TEST(Mean, int8_rounds_to_nearest_around_the_zero_point) {
  const Graph graph = mean_of({1, 3, 2}, {1}, true, ElementType::int8);
  EXPECT_EQ(evaluate<int8_t>(graph, {3, -128, 4, -128, 4, -128}), (std::vector<int8_t>{4, -128}));
}

TEST(Mean, shape_follows_keep_axes) {
  const Graph kept = mean_of({1, 2, 2, 3}, {1, 2}, true), dropped = mean_of({1, 2, 2, 3}, {1, 2}, false);
  EXPECT_EQ(kept.tensor(kept.outputs[0]).shape, (Shape{1, 1, 1, 3}));
  EXPECT_EQ(dropped.tensor(dropped.outputs[0]).shape, (Shape{1, 3}));
}

TEST(Mean, inference_refuses_axes_that_the_data_lacks) { EXPECT_THROW(mean_of({1, 2}, {2}, true), UserError); }

TEST(Mean, axes_that_alternate_more_often_go_to_the_general_kernel) {
  const Graph graph = mean_of({2, 2, 2, 2, 2}, {0, 2, 4}, true);
  std::vector<float> counting_on(32);
  for (size_t i = 0; i < counting_on.size(); ++i) counting_on[i] = static_cast<float>(i);
  EXPECT_EQ(evaluate(graph, counting_on), (std::vector<float>{10.5F, 12.5F, 18.5F, 20.5F}));
}

}  // namespace
}  // namespace whit
