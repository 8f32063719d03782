// SPDX-License-Identifier: Apache-2.0
// tree_ensemble against sums worked out by hand, and what inference refuses.
#include "ops/tree_ensemble/tree_ensemble.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ops/evaluate.hpp"

namespace whit {
namespace {

// Tree 0: x0 <= 10 ? leaf 0 : (x1 <= -3 ? leaf 1 : leaf 2). Tree 1: x1 <= 5 ? leaf 1 : leaf 0.
TreeEnsemble two_trees() {
  TreeEnsemble ensemble{.features = 2, .type = ElementType::int16};
  ensemble.splits = {{.feature = 0, .threshold = 10, .left = -1, .right = 1},
                     {.feature = 1, .threshold = -3, .left = -2, .right = -3},
                     {.feature = 1, .threshold = 5, .left = -2, .right = -1}};
  ensemble.roots = {0, 2};
  return ensemble;
}

Graph graph_of(const TreeEnsemble &ensemble) {
  Graph graph;
  graph.inputs = {graph.add_tensor({.name = "in", .type = ensemble.type, .shape = {1, ensemble.features}})};
  graph.outputs = {add_tree_ensemble(graph, graph.inputs[0], ensemble, "test")};
  return graph;
}

template <typename Output, typename Input>
std::vector<Output> evaluate(const TreeEnsemble &ensemble, const std::vector<Input> &input) {
  const Graph graph = graph_of(ensemble);
  Evaluator evaluator(graph);
  const Bytes bytes = bytes_of(input);
  std::copy(bytes.begin(), bytes.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  return values_of<Output>(evaluator.bytes(graph.outputs[0]));
}

TEST(TreeEnsemble, adds_the_rows_of_all_trees) {
  TreeEnsemble ensemble = two_trees();
  ensemble.width = 3;
  ensemble.leaves = {1, 0, -4, 0, 20, 0, 7, 0, 100};
  ensemble.base = {0, 0, 1000};
  ensemble.result = "scores";
  using Scores = std::vector<int32_t>;
  EXPECT_EQ((evaluate<int32_t, int16_t>(ensemble, {10, 5})), (Scores{1, 20, 996}));
  EXPECT_EQ((evaluate<int32_t, int16_t>(ensemble, {11, -3})), (Scores{0, 40, 1000}));
  EXPECT_EQ((evaluate<int32_t, int16_t>(ensemble, {11, 6})), (Scores{8, 0, 1096}));
}

// Each tree adds to one of two outputs.
TreeEnsemble real_outputs() {
  TreeEnsemble ensemble = two_trees();
  ensemble.leaves = {-1000, 3, 100000};
  ensemble.base = {5, 6};
  ensemble.tree_outputs = {1, 0};
  ensemble.result = "reals";
  return ensemble;
}

TEST(TreeEnsemble, adds_single_values_to_the_output_of_their_tree) {
  TreeEnsemble ensemble = real_outputs();
  ensemble.scale = 0.5;
  using Reals = std::vector<float>;
  EXPECT_EQ((evaluate<float, int16_t>(ensemble, {10, 5})), (Reals{4.0F, -497.0F}));
  EXPECT_EQ((evaluate<float, int16_t>(ensemble, {11, 6})), (Reals{-497.5F, 50003.0F}));
}

TEST(TreeEnsemble, reals_may_have_a_scale_each) {
  TreeEnsemble ensemble = real_outputs();
  ensemble.scales = {0.5F, 2.0F};
  EXPECT_EQ((evaluate<float, int16_t>(ensemble, {10, 5})), (std::vector<float>{4.0F, -1988.0F}));
}

// Of more than 256 classes: votes, and rows with more than 255 shares.
TEST(TreeEnsemble, counts_for_many_classes) {
  TreeEnsemble ensemble = two_trees();
  const size_t classes = 300;
  ensemble.width = classes;
  ensemble.base.assign(classes, 0);
  ensemble.leaves.assign(3 * classes, 0);
  for (size_t leaf = 0; leaf < 3; ++leaf) ensemble.leaves[leaf * classes + 280 + leaf] = 1;
  EXPECT_EQ((evaluate<int32_t, int16_t>(ensemble, {10, 5})), std::vector<int32_t>{280});
  for (size_t leaf = 0; leaf < 3; ++leaf)
    for (size_t output = 0; output < classes; ++output) ensemble.leaves[leaf * classes + output] = static_cast<int32_t>((leaf + 2) * output % 301) + 1;
  ensemble.result = "scores";
  const std::vector<int32_t> sums = evaluate<int32_t, int16_t>(ensemble, {11, 6});
  for (size_t output = 0; output < classes; ++output) EXPECT_EQ(sums[output], static_cast<int32_t>(2 * output % 301 + 4 * output % 301) + 2) << output;
}

TEST(TreeEnsemble, names_the_first_of_the_largest) {
  TreeEnsemble ensemble = two_trees();
  ensemble.width = 3;
  ensemble.leaves = {0, 0, 1, 0, 1, 0, 0, 1, 0};  // votes for class 2, 1, 1
  ensemble.base = {0, 0, 0};
  EXPECT_EQ((evaluate<uint8_t, int16_t>(ensemble, {10, 5})), std::vector<uint8_t>{1});  // 2 and 1: a tie
  EXPECT_EQ((evaluate<uint8_t, int16_t>(ensemble, {10, 6})), std::vector<uint8_t>{2});
}

TEST(TreeEnsemble, a_single_sum_above_0_is_class_1) {
  TreeEnsemble ensemble = two_trees();
  ensemble.leaves = {-2, 2, 3};
  ensemble.base = {0};
  ensemble.tree_outputs = {0, 0};
  EXPECT_EQ((evaluate<uint8_t, int16_t>(ensemble, {10, 5})), std::vector<uint8_t>{0});
  EXPECT_EQ((evaluate<uint8_t, int16_t>(ensemble, {11, 6})), std::vector<uint8_t>{1});
}

// One split at 1.5 on each of two features, missing values to the left on the first.
TEST(TreeEnsemble, sends_missing_and_extreme_floats_where_they_belong) {
  TreeEnsemble ensemble{.features = 2, .type = ElementType::float32};
  const float limit = 1.5F;
  int32_t bits = 0;
  std::memcpy(&bits, &limit, sizeof bits);
  ensemble.splits = {{.feature = 0, .threshold = bits, .missing_left = 1, .left = -1, .right = -2},
                     {.feature = 1, .threshold = bits, .left = -1, .right = -2}};
  ensemble.roots = {0, 1};
  ensemble.leaves = {1, 10};
  ensemble.base = {0, 0};
  ensemble.tree_outputs = {0, 1};
  ensemble.result = "scores";
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  using Scores = std::vector<int32_t>;
  EXPECT_EQ((evaluate<int32_t, float>(ensemble, {nan, nan})), (Scores{1, 10}));
  EXPECT_EQ((evaluate<int32_t, float>(ensemble, {-nan, -nan})), (Scores{1, 10}));
  EXPECT_EQ((evaluate<int32_t, float>(ensemble, {1.5F, std::nextafter(1.5F, 2.0F)})), (Scores{1, 10}));
  EXPECT_EQ((evaluate<int32_t, float>(ensemble, {infinity, -infinity})), (Scores{10, 1}));
  EXPECT_EQ((evaluate<int32_t, float>(ensemble, {-0.0F, 3e38F})), (Scores{1, 10}));
}

std::string refusal(const TreeEnsemble &ensemble) {
  try {
    graph_of(ensemble);
  } catch (const UserError &error) {
    return error.problems().at(0).found;
  }
  return "accepted";
}

TEST(TreeEnsemble, refuses_what_is_no_forest) {
  TreeEnsemble sound = two_trees();
  sound.leaves = {1, 2, 3};
  sound.base = {0};
  sound.tree_outputs = {0, 0};
  EXPECT_EQ(refusal(sound), "accepted");

  TreeEnsemble cycle = sound;
  cycle.splits[1].left = 0;
  EXPECT_EQ(refusal(cycle), "split 0 reached from split 1");
  TreeEnsemble shared = sound;
  shared.roots = {0, 1};
  EXPECT_EQ(refusal(shared), "split 1 reached from split 0");
  TreeEnsemble leaf = sound;
  leaf.splits[2].right = -4;
  EXPECT_EQ(refusal(leaf), "leaf 3 of 3");
  TreeEnsemble feature = sound;
  feature.splits[0].feature = 2;
  EXPECT_EQ(refusal(feature), "feature 2 of 2");
  TreeEnsemble threshold = sound;
  threshold.splits[0].threshold = 40000;
  EXPECT_EQ(refusal(threshold), "threshold 40000");
  TreeEnsemble output = sound;
  output.tree_outputs = {0, 1};
  EXPECT_EQ(refusal(output), "a tree for output 1 of 1");
  TreeEnsemble sums = sound;
  sums.leaves[0] = 1 << 30;
  EXPECT_EQ(refusal(sums), "2 trees with leaves up to 1073741824");
}

}  // namespace
}  // namespace whit
