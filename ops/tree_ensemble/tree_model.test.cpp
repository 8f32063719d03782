// SPDX-License-Identifier: Apache-2.0
// From real trees to integers: thresholds, leaves, what is left out, pruning, and what the check finds.
#include "ops/tree_ensemble/tree_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace whit {
namespace {

TreeModelNode split(int64_t feature, double threshold, int64_t left, int64_t right, double cover = 0) {
  return {.feature = feature, .threshold = threshold, .left = left, .right = right, .cover = cover};
}

TreeModelNode leaf(std::vector<double> value, double cover = 0) { return {.cover = cover, .value = std::move(value)}; }

// x0 <= threshold ? low : high
TreeModel stump(double threshold, double low, double high) {
  TreeModel model{.features = 1};
  model.trees = {{.nodes = {split(0, threshold, 1, 2, 10), leaf({low}, 2), leaf({high}, 8)}}};
  return model;
}

int32_t integer_limit(double threshold, bool below, std::vector<double> scales = {}) {
  TreeModel model = stump(threshold, -1, 1);
  model.below = below;
  return tree_ensemble_from(model, {.type = ElementType::int16, .scales = std::move(scales)}).splits.at(0).threshold;
}

TEST(TreeModel, the_limit_is_the_last_integer_that_goes_left) {
  EXPECT_EQ(integer_limit(4.5, false), 4);
  EXPECT_EQ(integer_limit(4.0, false), 4);
  EXPECT_EQ(integer_limit(4.0, true), 3);
  EXPECT_EQ(integer_limit(4.5, true), 4);
  EXPECT_EQ(integer_limit(-4.5, false), -5);
  EXPECT_EQ(integer_limit(1.5, false, {0.25}), 6);
}

float float_limit(double threshold, bool below) {
  TreeModel model = stump(threshold, -1, 1);
  model.below = below;
  const int32_t key = tree_ensemble_from(model, {}).splits.at(0).threshold, bits = key < 0 ? key ^ INT32_MAX : key;
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

TEST(TreeModel, the_limit_is_the_last_float_that_goes_left) {
  EXPECT_EQ(float_limit(1.5, false), 1.5F);
  EXPECT_EQ(float_limit(1.5, true), std::nextafter(1.5F, 0.0F));
  EXPECT_EQ(float_limit(0.1, false), std::nextafter(0.1F, 0.0F));  // 0.1F is above 0.1
  EXPECT_EQ(float_limit(-0.1, false), -0.1F);
  EXPECT_EQ(float_limit(0.0, true), -std::numeric_limits<float>::denorm_min());
  EXPECT_EQ(float_limit(1e300, false), std::numeric_limits<float>::max());
  EXPECT_EQ(float_limit(-1e300, false), -std::numeric_limits<float>::infinity());
  EXPECT_EQ(float_limit(-1e300, true), -std::numeric_limits<float>::infinity());  // which is below it
  EXPECT_TRUE(std::isnan(float_limit(-std::numeric_limits<double>::infinity(), true)));  // nothing is
}

TEST(TreeModel, splits_that_say_nothing_are_left_out) {
  TreeModel model = stump(40000, -1, 1);  // no int16 is above
  model.trees.push_back(stump(7, -1, 1).trees[0]);
  model.trees.push_back(stump(8, 2, 2).trees[0]);
  const TreeEnsemble ensemble = tree_ensemble_from(model, {.type = ElementType::int16});
  ASSERT_EQ(ensemble.roots.size(), 1U);
  EXPECT_EQ(ensemble.splits[0].threshold, 7);
  EXPECT_EQ(ensemble.splits[0].left_share, 200);
  EXPECT_EQ(ensemble.base, std::vector<int32_t>{1});  // -1 and 2
}

TEST(TreeModel, a_model_without_tests_keeps_an_idle_tree) {
  TreeModel model{.features = 1, .trees = {{.nodes = {leaf({3})}}}};
  const TreeEnsemble ensemble = tree_ensemble_from(model, {.type = ElementType::int16, .result = "scores"});
  EXPECT_EQ(ensemble.base, std::vector<int32_t>{3});
  ASSERT_EQ(ensemble.splits.size(), 1U);
  EXPECT_EQ(ensemble.splits[0].left, ensemble.splits[0].right);
}

TEST(TreeModel, certain_leaves_are_votes_and_two_classes_one_sum) {
  TreeModel model{.features = 1, .outputs = 2};
  for (int tree = 0; tree < 2; ++tree) model.trees.push_back({.nodes = {split(0, 3, 1, 2), leaf({1, 0}), leaf({0, 1})}});
  const TreeEnsemble ensemble = tree_ensemble_from(model, {.type = ElementType::uint8});
  EXPECT_EQ(ensemble.outputs(), 1U);
  EXPECT_EQ(ensemble.leaves, (std::vector<int32_t>{1, -1}));
}

TEST(TreeModel, leaves_become_levels_of_the_largest) {
  const TreeEnsemble ensemble = tree_ensemble_from(stump(3, -0.5, 2.0), {.type = ElementType::int16, .result = "scores", .leaf_levels = 100});
  EXPECT_EQ(ensemble.leaves, (std::vector<int32_t>{100, -25}));
  EXPECT_DOUBLE_EQ(ensemble.scale, 0.02);
}

// One unit for both would leave nothing of the second.
TEST(TreeModel, real_outputs_of_other_sizes_have_units_of_their_own) {
  TreeModel model{.features = 1, .outputs = 2};
  model.trees = {{.nodes = {split(0, 3, 1, 2), leaf({1e9, 0.5}), leaf({-2e9, 1.25})}}};
  const TreeEnsemble rows = tree_ensemble_from(model, {.result = "reals"});
  ASSERT_EQ(rows.scales.size(), 2U);
  EXPECT_NEAR(rows.leaves[1] * static_cast<double>(rows.scale_of(1)), 1.25, 1e-6);
  EXPECT_NEAR(rows.leaves[0] * static_cast<double>(rows.scale_of(0)), -2e9, 1e3);
  model.trees = {{.nodes = {split(0, 3, 1, 2), leaf({1e9}), leaf({-2e9})}}, {.nodes = {split(0, 3, 1, 2), leaf({0.5}), leaf({1.25})}, .output = 1}};
  const TreeEnsemble single = tree_ensemble_from(model, {.result = "reals"});
  EXPECT_NEAR(single.leaves[2] * static_cast<double>(single.scale_of(1)), 1.25, 1e-6);
  model.trees[1].nodes[2].value = {1e9};
  EXPECT_TRUE(tree_ensemble_from(model, {.result = "reals"}).scales.empty());
}

TEST(TreeModel, pruning_gives_up_the_split_that_says_least) {
  TreeModel model{.features = 1};
  model.trees = {{.nodes = {split(0, 5, 1, 4), split(0, 2, 2, 3), leaf({1.0}, 30), leaf({1.5}, 10), split(0, 8, 5, 6),
                            leaf({4.0}, 20), leaf({9.0}, 20)}}};
  prune_tree_model(model, 0.34);
  const std::vector<TreeModelNode> &nodes = model.trees[0].nodes;
  EXPECT_TRUE(nodes[1].leaf());
  EXPECT_EQ(nodes[1].value, std::vector<double>{1.125});
  EXPECT_FALSE(nodes[4].leaf());
}

std::string finding(const TreeModel &model) {
  Problems problems;
  if (check_tree_model(model, "file", problems)) return "sound";
  try {
    problems.throw_if_any();
  } catch (const UserError &error) {
    return error.problems()[0].place + ": " + error.problems()[0].found;
  }
  return "nothing said";
}

TEST(TreeModel, the_check_finds_what_is_damaged) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(finding(stump(1, 2, 3)), "sound");
  EXPECT_EQ(finding(stump(nan, 2, 3)), "file, tree 0: node 0 has no number as its threshold");
  EXPECT_EQ(finding(stump(1, nan, 3)), "file, tree 0: node 1 has the value nan");
  TreeModel cycle = stump(1, 2, 3);
  cycle.trees[0].nodes[0].right = 0;
  EXPECT_EQ(finding(cycle), "file, tree 0: node 0 is reached twice");
  TreeModel outside = stump(1, 2, 3);
  outside.trees[0].nodes[0].left = 3;
  EXPECT_EQ(finding(outside), "file, tree 0: a child 3 of 3 nodes");
  TreeModel feature = stump(1, 2, 3);
  feature.trees[0].nodes[0].feature = 1;
  EXPECT_EQ(finding(feature), "file, tree 0: node 0 tests feature 1 of 1");
  TreeModel width = stump(1, 2, 3);
  width.trees[0].nodes[2].value = {1, 2};
  EXPECT_EQ(finding(width), "file, tree 0: node 2 has 2 values");
  EXPECT_EQ(finding({}), "file: 0 trees with 0 nodes");
}

}  // namespace
}  // namespace whit
