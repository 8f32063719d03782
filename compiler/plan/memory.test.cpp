// SPDX-License-Identifier: Apache-2.0
// Plans of hand-made graphs, the verifier on broken plans, and random graphs.
#include "compiler/plan/memory.hpp"

#include <gtest/gtest.h>

#include <random>

#include "compiler/plan/order.hpp"
#include "compiler/plan/test_graph.hpp"

namespace whit {
namespace {

using test::TestGraph;

const Attributes in_place = {{"at_most_0", int64_t{0}}};

int64_t offset_of(const MemoryPlan &plan, TensorId id) { return plan.offsets[static_cast<size_t>(id)]; }

TEST(MemoryPlan, in_place_chain_takes_one_tensor) {
  TestGraph test;
  TensorId tensor = test.input(100);
  for (int layer = 0; layer < 5; ++layer) tensor = test.node({tensor}, 100, in_place);
  test.output(tensor);
  EXPECT_EQ(plan_memory(test.graph, test.kernels).arena_bytes, 100);
}

TEST(MemoryPlan, views_share_an_address_and_live_as_one) {
  TestGraph test;
  const TensorId input = test.input(64);
  const TensorId source = test.node({input}, 40);
  const TensorId view = test.view(test.view(source));
  const TensorId middle = test.node({source}, 40, in_place);  // must not overwrite what the view still shows
  test.output(test.node({middle, view}, 8));
  const MemoryPlan plan = plan_memory(test.graph, test.kernels);
  EXPECT_EQ(offset_of(plan, view), offset_of(plan, source));
  EXPECT_NE(offset_of(plan, middle), offset_of(plan, source));
  EXPECT_EQ(plan.storage[static_cast<size_t>(view)], source);
  EXPECT_EQ(plan.arena_bytes, 64 + 40);
}

TEST(MemoryPlan, input_that_is_also_an_output_is_never_overwritten) {
  TestGraph test;
  const TensorId input = test.input(32);
  const TensorId result = test.node({input}, 32, in_place);
  test.output(input);
  test.output(result);
  EXPECT_EQ(plan_memory(test.graph, test.kernels).arena_bytes, 64);
}

TEST(MemoryPlan, view_of_the_input_can_be_the_output) {
  TestGraph test;
  test.output(test.view(test.input(12)));
  const MemoryPlan plan = plan_memory(test.graph, test.kernels);
  EXPECT_EQ(plan.arena_bytes, 12);
  EXPECT_EQ(plan.offsets, (std::vector<int64_t>{0, 0}));
}

TEST(MemoryPlan, unused_input_keeps_its_place_before_the_run_only) {
  TestGraph test;
  test.input(50);
  const TensorId second = test.input(50);
  test.output(test.node({second}, 50));
  EXPECT_EQ(plan_memory(test.graph, test.kernels).arena_bytes, 52 + 50);
}

TEST(MemoryPlan, both_outputs_of_a_node_lie_apart_and_only_the_first_over_the_input) {
  TestGraph test;
  const std::vector<TensorId> outputs = test.nodes({test.input(40)}, {40, 40}, in_place);
  test.output(outputs[0]);
  test.output(outputs[1]);
  EXPECT_EQ(plan_memory(test.graph, test.kernels).arena_bytes, 80);
}

TEST(MemoryPlan, constant_output_has_no_place_in_the_arena) {
  TestGraph test;
  const TensorId constant = test.constant(64);
  const TensorId view = test.view(constant);
  test.output(constant);
  test.output(view);
  const MemoryPlan plan = plan_memory(test.graph, test.kernels);
  EXPECT_EQ(plan.arena_bytes, 0);
  EXPECT_EQ(plan.offsets, (std::vector<int64_t>{-1, -1}));
  EXPECT_EQ(plan.storage[static_cast<size_t>(view)], constant);
}

TEST(MemoryPlan, variables_lie_in_the_state) {
  TestGraph test;
  const TensorId first = test.variable(10), second = test.variable(20);
  test.output(test.node({test.input(30), first, second}, 8));
  const MemoryPlan plan = plan_memory(test.graph, test.kernels);
  EXPECT_EQ(offset_of(plan, first), 0);
  EXPECT_EQ(offset_of(plan, second), 12);
  EXPECT_EQ(plan.state_bytes, 32);
  EXPECT_EQ(plan.arena_bytes, 30 + 8);  // the smaller one below
}

TEST(MemoryPlan, tensor_read_twice_is_overlaid_as_far_as_both_reads_permit) {
  TestGraph test;
  const TensorId input = test.input(64);
  test.output(test.node({input, input}, 64, {{"at_most_0", int64_t{0}}, {"at_most_1", int64_t{-16}}}));
  EXPECT_EQ(plan_memory(test.graph, test.kernels).arena_bytes, 64 + 16);
}

TEST(MemoryPlan, tensor_read_twice_is_not_overlaid_where_one_read_forbids_it) {
  TestGraph test;
  const TensorId input = test.input(64);
  test.output(test.node({input, input}, 64, in_place));
  EXPECT_EQ(plan_memory(test.graph, test.kernels).arena_bytes, 128);
}

TEST(MemoryPlan, scratch_is_the_most_that_a_kernel_asks_for) {
  TestGraph test;
  TensorId tensor = test.input(8);
  for (int64_t scratch : {16, 48, 32}) tensor = test.node({tensor}, 8, {{"scratch", scratch}});
  test.output(tensor);
  EXPECT_EQ(plan_memory(test.graph, test.kernels).scratch_bytes, 48);
}

TEST(MemoryPlan, alignment_is_an_option) {
  TestGraph test;
  test.output(test.node({test.input(5)}, 3));
  EXPECT_EQ(plan_memory(test.graph, test.kernels, 1).arena_bytes, 8);
  EXPECT_EQ(plan_memory(test.graph, test.kernels, 8).arena_bytes, 11);
}

class BrokenPlan : public testing::Test {
 protected:
  BrokenPlan() {
    const TensorId input = test_.input(32);
    middle_ = test_.node({input}, 32);
    test_.output(test_.view(middle_));
    plan_ = plan_memory(test_.graph, test_.kernels);
  }

  void expect_breach() { EXPECT_THROW(check_plan(test_.graph, test_.kernels, plan_), InternalError); }

  TestGraph test_{};
  TensorId middle_ = no_tensor;
  MemoryPlan plan_{};
};

TEST_F(BrokenPlan, overlap_is_found) {
  plan_.offsets = {0, 16, 16};
  plan_.arena_bytes = 48;
  expect_breach();
}

TEST_F(BrokenPlan, misalignment_is_found) {
  plan_.offsets = {34, 0, 0};
  plan_.arena_bytes = 66;
  expect_breach();
}

TEST_F(BrokenPlan, missing_place_is_found) {
  plan_.offsets[static_cast<size_t>(middle_)] = -1;
  expect_breach();
}

TEST_F(BrokenPlan, view_away_from_its_source_is_found) {
  plan_.offsets = {0, 32, 36};
  plan_.arena_bytes = 68;
  expect_breach();
}

TEST_F(BrokenPlan, wrong_total_is_found) {
  plan_.arena_bytes += 4;
  expect_breach();
}

// A random graph: nodes read one to three of the last tensors, some are views, some permit overlaps.
TestGraph random_graph(std::mt19937 &random) {
  const auto below = [&](int64_t end) { return static_cast<int64_t>(random() % static_cast<uint64_t>(end)); };
  TestGraph test;
  std::vector<TensorId> tensors = {test.input(1 + below(200))};
  if (below(3) == 0) tensors.push_back(test.input(1 + below(200)));
  const auto any = [&] {
    const auto back = below(std::min<int64_t>(4, static_cast<int64_t>(tensors.size())));
    return tensors[tensors.size() - 1 - static_cast<size_t>(back)];
  };
  for (int64_t count = 1 + below(14); count > 0; --count) {
    if (below(6) == 0) {
      tensors.push_back(test.view(any()));
      continue;
    }
    std::vector<TensorId> inputs;
    Attributes attributes;
    for (int64_t input = 0; input <= below(3); ++input) {
      inputs.push_back(any());
      if (below(2) == 0) attributes.set(fmt::format("at_most_{}", input), below(64) - 48);
      if (below(3) == 0) attributes.set(fmt::format("exactly_{}", input), std::vector<int64_t>{0, below(64) - 32});
    }
    std::vector<int64_t> sizes = {1 + below(200)};
    if (below(5) == 0) sizes.push_back(1 + below(200));
    for (TensorId id : test.nodes(inputs, sizes, attributes)) tensors.push_back(id);
  }
  test.output(tensors.back());
  if (below(3) == 0) test.output(any());
  return test;
}

TEST(MemoryPlan, random_graphs_are_planned_legally_in_any_order_and_always_alike) {
  std::mt19937 random(20261122);
  for (int repeat = 0; repeat < 150; ++repeat) {
    const TestGraph test = random_graph(random);
    const MemoryPlan plan = plan_memory(test.graph, test.kernels);  // runs check_plan
    const Lifetimes lifetimes = lifetimes_of(test.graph, test.kernels, default_alignment);
    int64_t sum = 0;
    for (const Block &block : lifetimes.blocks) sum += align_up(block.bytes, block.alignment);
    EXPECT_LE(plan.arena_bytes, sum);
    EXPECT_GE(plan.arena_bytes, placement_bound(lifetimes.blocks, lifetimes.overlays));
    EXPECT_EQ(plan_memory(test.graph, test.kernels).offsets, plan.offsets);

    const std::vector<size_t> order = order_nodes(test.graph, test.kernels, default_alignment);
    std::vector<const Kernel *> kernels;
    for (size_t node : order) kernels.push_back(test.kernels[node]);
    EXPECT_NO_THROW(plan_memory(reordered(test.graph, order), kernels));
  }
}

}  // namespace
}  // namespace whit
