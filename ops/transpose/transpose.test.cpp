// SPDX-License-Identifier: Apache-2.0
// transpose against values worked out by hand; a change of layout is the same walk.
#include <gtest/gtest.h>

#include "ops/single_node.hpp"

namespace whit {
namespace {

using enum ElementType;
using Int8s = std::vector<int8_t>;

TEST(Transpose, swaps_rows_and_columns) {
  SingleNode node("transpose", {{"permutation", Shape{1, 0}}});
  node.input(int8, {2, 3}, Int8s{1, 2, 3, 4, 5, 6});
  EXPECT_EQ(node.run<int8_t>(), (Int8s{1, 4, 2, 5, 3, 6}));
}

TEST(Transpose, output_axis_is_the_named_input_axis) {
  SingleNode node("transpose", {{"permutation", Shape{2, 0, 1}}});
  node.input(float32, {2, 1, 3}, std::vector<float>{1, 2, 3, 4, 5, 6});
  EXPECT_EQ(node.run<float>(), (std::vector<float>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(node.output_shape(), (Shape{3, 2, 1}));
}

// Axes of length 1 may move freely: no kernel runs.
TEST(Transpose, is_a_view_where_the_order_stays) {
  Graph graph;
  graph.inputs = {graph.add_tensor({.name = "in", .shape = {1, 4, 1, 3}})};
  graph.outputs = {graph.add_tensor({.name = "out", .shape = {4, 3, 1, 1}})};
  graph.nodes.push_back({.op = "transpose", .inputs = graph.inputs, .outputs = graph.outputs,
                         .attributes = {{"permutation", Shape{1, 3, 0, 2}}}});
  const NodeView node(graph, graph.nodes[0]);
  ASSERT_NE(portable_kernel(node), nullptr);
  EXPECT_TRUE(portable_kernel(node)->view);
}

TEST(Transpose, refuses_what_is_no_permutation) {
  for (const Shape &permutation : {Shape{0}, Shape{0, 0}, Shape{0, 2}, Shape{-1, 0}, Shape{0, 1, 2}}) {
    SingleNode node("transpose", {{"permutation", permutation}});
    EXPECT_THROW(node.input(int8, {2, 3}, Int8s(6)).run<int8_t>(), UserError) << text_of(permutation);
  }
}

}  // namespace
}  // namespace whit
