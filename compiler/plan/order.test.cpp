// SPDX-License-Identifier: Apache-2.0
// The order of nodes on graphs whose best order is plain to see, and against all orders of small random graphs.
#include "compiler/plan/order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "compiler/plan/test_graph.hpp"

namespace whit {
namespace {

using test::TestGraph;

std::vector<size_t> best_order(const TestGraph &test) { return order_nodes(test.graph, test.kernels, 1); }

TEST(Order, chain_stays) {
  TestGraph test;
  TensorId tensor = test.input(10);
  for (int layer = 0; layer < 4; ++layer) tensor = test.node({tensor}, 10);
  test.output(tensor);
  EXPECT_EQ(best_order(test), (std::vector<size_t>{0, 1, 2, 3}));
}

TEST(Order, branch_that_shrinks_runs_before_the_branch_that_stays) {
  // Two branches of 100 bytes each: the one that ends in 1 byte goes first.
  TestGraph test;
  const TensorId input = test.input(10);
  const TensorId wide = test.node({input}, 50);
  const TensorId big = test.node({input}, 100);
  const TensorId small = test.node({big}, 1);
  test.output(test.node({wide, small}, 1));
  EXPECT_EQ(best_order(test), (std::vector<size_t>{1, 2, 0, 3}));
}

TEST(Order, equally_good_orders_leave_the_given_one) {
  TestGraph test;
  const TensorId input = test.input(10);
  const TensorId left = test.node({input}, 20), right = test.node({input}, 20);
  test.output(test.node({left, right}, 1));
  EXPECT_EQ(best_order(test), (std::vector<size_t>{0, 1, 2}));
}

TEST(Order, overlay_draws_the_last_reader_to_the_end) {
  // Whoever reads the input last may replace it: that should be the larger output.
  TestGraph test;
  const TensorId input = test.input(100);
  const TensorId large = test.node({input}, 100, {{"at_most_0", int64_t{0}}});
  const TensorId small = test.node({input}, 10);
  test.output(test.node({large, small}, 1));
  EXPECT_EQ(best_order(test), (std::vector<size_t>{1, 0, 2}));
}

TEST(Order, nodes_that_touch_one_variable_keep_their_order) {
  TestGraph test;
  const TensorId state = test.variable(8), input = test.input(10);
  const TensorId wide = test.node({input, state}, 50);
  const TensorId big = test.node({input, state}, 100);
  const TensorId small = test.node({big}, 1);
  test.output(test.node({wide, small}, 1));
  EXPECT_EQ(best_order(test), (std::vector<size_t>{0, 1, 2, 3}));
}

// Peak of whole tensors without overlays: what the order search minimises here.
int64_t peak_of(const TestGraph &test, const std::vector<size_t> &order) {
  const Lifetimes lifetimes = lifetimes_of(reordered(test.graph, order), test.kernels, 1);
  return placement_bound(lifetimes.blocks, lifetimes.overlays);
}

bool is_legal(const TestGraph &test, const std::vector<size_t> &order) {
  std::vector<bool> known(test.graph.tensors.size(), false);
  for (TensorId id : test.graph.inputs) known[static_cast<size_t>(id)] = true;
  for (size_t node : order) {
    for (TensorId id : test.graph.nodes[node].inputs)
      if (!known[static_cast<size_t>(id)]) return false;
    for (TensorId id : test.graph.nodes[node].outputs) known[static_cast<size_t>(id)] = true;
  }
  return true;
}

TEST(Order, no_order_of_a_small_random_graph_is_better) {
  std::mt19937 random(20261122);
  for (int repeat = 0; repeat < 60; ++repeat) {
    TestGraph test;
    std::vector<TensorId> tensors = {test.input(1 + random() % 50)};
    for (int count = 0; count < 6; ++count) {
      const TensorId one = tensors[random() % tensors.size()], other = tensors[random() % tensors.size()];
      tensors.push_back(test.node({one, other}, 1 + random() % 50));
    }
    test.output(tensors.back());
    std::vector<size_t> order(6);
    std::iota(order.begin(), order.end(), size_t{0});
    int64_t least = peak_of(test, order);
    while (std::next_permutation(order.begin(), order.end()))
      if (is_legal(test, order)) least = std::min(least, peak_of(test, order));
    const std::vector<size_t> found = best_order(test);
    EXPECT_TRUE(is_legal(test, found));
    EXPECT_EQ(peak_of(test, found), least);
  }
}

}  // namespace
}  // namespace whit
