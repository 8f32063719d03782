// SPDX-License-Identifier: Apache-2.0
// The choice of kernels and layouts among made-up kernels whose best combination is known.
#include "compiler/plan/choose.hpp"

#include <gtest/gtest.h>

#include "compiler/plan/test_graph.hpp"

namespace whit {
namespace {

constexpr Layout channel_last = Layout::channel_last, planar = Layout::planar;

int64_t plane_bytes(const Tensor &tensor) { return tensor.shape[1] * tensor.shape[2]; }

template <Layout from, Layout to>
std::vector<LayoutChoice> layouts(const NodeView &) {
  return {{{from}, {to}}};
}

template <int cycles, int bytes = 0>
Cost cost(const NodeView &) {
  return {.cycles = cycles, .constant_bytes = bytes};
}

// Row by row with a little delay.
std::vector<Overlap> forward_overlap(const NodeView &node) {
  return {{.input = 0, .at_most = node.input(0).bytes() >= node.output().bytes() ? -16 : -8 - node.output().bytes()}};
}

// Pixel by pixel through all planes: any distance of whole planes.
std::vector<Overlap> plane_overlap(const NodeView &node) {
  Overlap overlap{.input = 0};
  const int64_t plane = plane_bytes(node.output());
  if (plane != plane_bytes(node.input(0))) return {{.input = 0, .at_most = 0}};
  for (int64_t shift = -node.output().shape[3]; shift <= node.input(0).shape[3]; ++shift)
    overlap.exactly.push_back(shift * plane);
  return {overlap};
}

bool fits_never(const NodeView &) { return false; }
int64_t large_scratch(const NodeView &) { return 4000; }

const Kernel first_kernels[] = {
    {.name = "first_planar", .fits = test::fits_always, .cost = cost<95>, .layouts = layouts<channel_last, planar>},
    {.name = "first", .fits = test::fits_always, .cost = cost<100>, .overlap = forward_overlap},
};
const Kernel depthwise_kernels[] = {
    {.name = "depthwise_planar", .fits = test::fits_always, .cost = cost<300>, .layouts = layouts<planar, planar>,
     .overlap = plane_overlap},
    {.name = "depthwise_to_planar", .fits = test::fits_always, .cost = cost<310>,
     .layouts = layouts<channel_last, planar>},
    {.name = "depthwise", .fits = test::fits_always, .cost = cost<900>, .overlap = forward_overlap},
};
const Kernel pointwise_kernels[] = {
    {.name = "pointwise_dsp", .features = {Feature::dsp}, .fits = test::fits_always, .cost = cost<500, 2000>,
     .layouts = layouts<planar, planar>, .overlap = plane_overlap},
    {.name = "pointwise_scratch", .fits = test::fits_always, .cost = cost<400, 1000>,
     .layouts = layouts<planar, planar>, .scratch = large_scratch, .overlap = plane_overlap},
    {.name = "pointwise", .fits = test::fits_always, .cost = cost<5000, 1000>, .layouts = layouts<planar, planar>,
     .overlap = plane_overlap},
    {.name = "pointwise_last", .fits = test::fits_always, .cost = cost<5001, 1000>, .overlap = forward_overlap},
};
const Kernel pool_kernels[] = {
    {.name = "pool", .fits = test::fits_always, .cost = cost<10>, .layouts = any_same_layout}};
const Kernel broken_kernels[] = {{.name = "broken", .fits = fits_never, .cost = cost<1>}};

std::span<const Kernel> kernels_of(const Node &node) {
  if (node.op == "first") return first_kernels;
  if (node.op == "depthwise") return depthwise_kernels;
  if (node.op == "pointwise") return pointwise_kernels;
  if (node.op == "pool") return pool_kernels;
  return broken_kernels;
}

ChooseOptions options(Features features = {Feature::dsp}) {
  return {.features = features, .most_scratch = 3000, .kernels_of = kernels_of};
}

class Network {
 public:
  explicit Network(Shape input) {
    graph.inputs = {graph.add_tensor({.name = "input", .shape = std::move(input)})};
    last_ = graph.inputs[0];
  }
  Network &layer(std::string op, Shape output) {
    const TensorId id = graph.add_tensor({.name = fmt::format("{} out", op), .shape = std::move(output)});
    graph.nodes.push_back({.op = std::move(op), .inputs = {last_}, .outputs = {id}, .origin = "operator"});
    last_ = id;
    return *this;
  }
  Graph done() {
    graph.outputs = {last_};
    return graph;
  }

  Graph graph{};

 private:
  TensorId last_ = no_tensor;
};

// The front of the visual-wake-words model.
Graph visual_wake_words() {
  return Network({1, 96, 96, 3})
      .layer("first", {1, 48, 48, 8})
      .layer("depthwise", {1, 48, 48, 8})
      .layer("pointwise", {1, 48, 48, 16})
      .layer("depthwise", {1, 24, 24, 16})
      .layer("pointwise", {1, 24, 24, 32})
      .layer("depthwise", {1, 24, 24, 32})
      .layer("pointwise", {1, 24, 24, 32})
      .layer("pool", {1, 1, 1, 32})
      .done();
}

std::vector<std::string> names_of(const Choice &choice) {
  std::vector<std::string> names;
  for (const Kernel *kernel : choice.kernels) names.emplace_back(kernel->name);
  return names;
}

TEST(Choose, slightly_slower_kernels_win_where_they_save_memory) {
  // All planar would be fastest (by 1.3 %), but the first layer overlays the input in channel_last only.
  const Choice choice = choose(visual_wake_words(), options());
  EXPECT_EQ(names_of(choice),
            (std::vector<std::string>{"first", "depthwise_to_planar", "pointwise_dsp", "depthwise_planar",
                                      "pointwise_dsp", "depthwise_planar", "pointwise_dsp", "pool"}));
  EXPECT_EQ(choice.plan.arena_bytes, 36864);
  EXPECT_EQ(choice.graph.tensor(1).layout, channel_last);
  EXPECT_EQ(choice.graph.tensor(2).layout, planar);
  EXPECT_EQ(choice.graph.tensor(0).layout, channel_last);
}

TEST(Choose, core_without_the_feature_gets_other_kernels) {
  for (const std::string &name : names_of(choose(visual_wake_words(), options(Features{}))))
    EXPECT_NE(name, "pointwise_dsp");
}

TEST(Choose, scratch_limit_is_kept_and_can_be_lifted) {
  EXPECT_EQ(choose(visual_wake_words(), options()).plan.scratch_bytes, 0);
  ChooseOptions generous = options();
  generous.most_scratch = std::nullopt;
  EXPECT_EQ(choose(visual_wake_words(), generous).plan.scratch_bytes, 4000);
}

TEST(Choose, emphasis_decides_between_cycles_and_bytes) {
  ChooseOptions size = options();
  size.emphasis = Emphasis::size;
  for (const std::string &name : names_of(choose(visual_wake_words(), size))) EXPECT_NE(name, "pointwise_dsp");
}

TEST(Choose, ram_takes_the_smallest_arena_at_any_price) {
  // Between two depthwise layers nothing of the planar kind saves memory over a wide input.
  const Graph graph = Network({1, 16, 16, 8}).layer("depthwise", {1, 16, 16, 8}).done();
  ChooseOptions ram = options();
  EXPECT_EQ(choose(graph, ram).plan.arena_bytes, 2048 + 16);  // channel_last output: the only kernel that fits
  const Graph two = Network({1, 16, 16, 8}).layer("depthwise", {1, 16, 16, 8}).layer("pool", {1, 1, 1, 8}).done();
  EXPECT_EQ(choose(two, ram).plan.arena_bytes, 2 * 2048);
  ram.emphasis = Emphasis::ram;
  EXPECT_EQ(choose(two, ram).plan.arena_bytes, 2048 + 16);
}

TEST(Choose, output_is_channel_last) {
  const Graph graph = Network({1, 8, 8, 3}).layer("first", {1, 8, 8, 4}).layer("depthwise", {1, 8, 8, 4}).done();
  const Choice choice = choose(graph, options());
  EXPECT_EQ(choice.kernels[1]->name, "depthwise");
  for (const Tensor &tensor : choice.graph.tensors) EXPECT_EQ(tensor.layout, channel_last);
}

TEST(Choose, coinciding_layouts_match_either) {
  // One pixel: planar bytes are channel_last bytes, so the planar kernels run between input and output.
  const Choice choice = choose(Network({1, 1, 1, 8}).layer("pointwise", {1, 1, 1, 8}).done(), options());
  EXPECT_EQ(choice.kernels[0]->name, "pointwise_dsp");
}

TEST(Choose, all_nodes_without_a_kernel_are_named_at_once) {
  const Graph graph = Network({1, 2, 2, 1}).layer("odd", {1, 2, 2, 1}).layer("strange", {1, 2, 2, 1}).done();
  try {
    choose(graph, options());
    FAIL();
  } catch (const UserError &error) {
    ASSERT_EQ(error.problems().size(), 2U);
    EXPECT_EQ(error.problems()[1].place, "operator (strange)");
    EXPECT_EQ(error.problems()[1].found, "no kernel for (int8 1x2x2x1) -> (int8 1x2x2x1)");
  }
}

TEST(Choose, same_graph_gives_the_same_choice) {
  const Choice one = choose(visual_wake_words(), options()), other = choose(visual_wake_words(), options());
  EXPECT_EQ(one.kernels, other.kernels);
  EXPECT_EQ(one.plan.offsets, other.plan.offsets);
}

TEST(Choose, names_of_emphases_are_read_back) {
  for (Emphasis emphasis : {Emphasis::speed, Emphasis::size, Emphasis::balanced, Emphasis::ram})
    EXPECT_EQ(emphasis_named(name_of(emphasis)), emphasis);
  EXPECT_EQ(emphasis_named("fast"), std::nullopt);
}

}  // namespace
}  // namespace whit
