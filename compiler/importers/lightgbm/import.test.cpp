// SPDX-License-Identifier: Apache-2.0
// LightGBM's text: a sound model evaluated, damaged ones and what is said about them.
#include "compiler/importers/lightgbm/import.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include <limits>

#include "ops/evaluate.hpp"

namespace whit {
namespace {

// Tree 0: x0 <= 3 ? -0.5 : (x1 <= -1 ? 0.25 : 1); training had missing x0 (to the left) and no missing x1. Tree 1: 2.
const std::string sound =
    "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=1\nobjective=regression\n"
    "feature_names=a b\n\n"
    "Tree=0\nnum_leaves=3\nnum_cat=0\nsplit_feature=0 1\nthreshold=3 -1\ndecision_type=10 2\nleft_child=-1 -2\nright_child=1 -3\n"
    "leaf_value=-0.5 0.25 1\nleaf_count=4 2 3\ninternal_count=9 5\nis_linear=0\n\n\n"
    "Tree=1\nnum_leaves=1\nnum_cat=0\nleaf_value=2\n\n\nend of trees\n\nfeature_importances:\na=1\n";

std::span<const uint8_t> bytes(const std::string &text) { return {reinterpret_cast<const uint8_t *>(text.data()), text.size()}; }

std::string with(const std::string &old_text, const std::string &new_text) {
  std::string text = sound;
  return text.replace(text.find(old_text), old_text.size(), new_text);
}

template <typename Output>
Output answer(const std::string &text, float first, float second) {
  const Module module = import_lightgbm(bytes(text), "model");
  const Graph &graph = module.main();
  Evaluator evaluator(graph);
  const Bytes features = bytes_of<float>({first, second});
  std::copy(features.begin(), features.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  return values_of<Output>(evaluator.bytes(graph.outputs[0]))[0];
}

TEST(Lightgbm, predicts_what_the_trees_say) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NEAR(answer<float>(sound, 3, 0), 1.5F, 1e-6);
  EXPECT_NEAR(answer<float>(sound, 4, -1), 2.25F, 1e-6);
  EXPECT_NEAR(answer<float>(sound, 4, 0), 3.0F, 1e-6);
  EXPECT_NEAR(answer<float>(sound, nan, 0), 1.5F, 1e-6);
  EXPECT_NEAR(answer<float>(sound, 4, nan), 3.0F, 1e-6);  // taken for 0, which is above -1
}

// A float64 0.1 comes as the float32 above it, and is not above 0.1; the float32 behind 1 is above the middle between them.
TEST(Lightgbm, what_lies_at_a_threshold_goes_left_as_float32) {
  const std::string tenth = with("threshold=3 -1", "threshold=0.1 -1"), middle = with("threshold=3 -1", "threshold=1.0000000596046449 -1");
  EXPECT_NEAR(answer<float>(tenth, 0.1F, 0), 1.5F, 1e-6);
  EXPECT_NEAR(answer<float>(tenth, std::nextafter(0.1F, 1.0F), 0), 3.0F, 1e-6);
  EXPECT_NEAR(answer<float>(middle, 1.0F, 0), 1.5F, 1e-6);
  EXPECT_NEAR(answer<float>(middle, std::nextafter(1.0F, 2.0F), 0), 3.0F, 1e-6);
}

// x0 one of 0, 2, 33 goes left; missing values and what is below 0 do not.
TEST(Lightgbm, splits_by_categories_send_the_set_left) {
  std::string text = with("num_cat=0\nsplit_feature=0 1\nthreshold=3 -1\ndecision_type=10 2", "num_cat=1\ncat_boundaries=0 2\ncat_threshold=5 2\nsplit_feature=0 1\nthreshold=0 -1\ndecision_type=9 2");
  for (const float in : {0.0F, -0.5F, 2.0F, 33.5F}) EXPECT_NEAR(answer<float>(text, in, 0), 1.5F, 1e-6) << in;
  for (const float out : {-1.0F, 1.0F, 3.0F, 34.0F, 1e9F, std::numeric_limits<float>::quiet_NaN()}) EXPECT_NEAR(answer<float>(text, out, 0), 3.0F, 1e-6) << out;
  EXPECT_THROW(answer<float>(text.replace(text.find("threshold=0 -1"), 14, "threshold=1 -1"), 0, 0), UserError);
}

TEST(Lightgbm, a_forest_is_averaged) { EXPECT_NEAR(answer<float>(with("feature_names", "average_output\nfeature_names"), 4, 0), 1.5F, 1e-6); }

TEST(Lightgbm, a_classifier_names_the_class) {
  EXPECT_EQ(answer<uint8_t>(with("objective=regression", "objective=binary sigmoid:1"), 4, 0), 1);
  EXPECT_EQ(answer<uint8_t>(with("leaf_value=2\n", "leaf_value=-2\n").replace(sound.find("regression"), 10, "binary"), 4, 0), 0);
}

std::string refusal(const std::string &text) {
  try {
    import_lightgbm(bytes(text), "model");
  } catch (const UserError &error) {
    return error.problems()[0].place + ": " + error.problems()[0].found;
  }
  return "accepted";
}

// What is sound but not supported is not called damaged.
std::string hint(const std::string &text) {
  try {
    import_lightgbm(bytes(text), "model");
  } catch (const UserError &error) {
    return error.problems()[0].hint;
  }
  return "accepted";
}

TEST(Lightgbm, hints_at_what_to_do) {
  EXPECT_EQ(hint(with("objective=regression", "objective=poisson")), "train with one of these objectives, without reg_sqrt");
  EXPECT_EQ(hint(with("is_linear=0", "is_linear=1")), "train with linear_tree=false");
  EXPECT_EQ(hint(with("leaf_value=-0.5", "leaf_value=x")), "the model file may be damaged");
}

TEST(Lightgbm, says_what_is_wrong_and_where) {
  EXPECT_EQ(refusal(sound), "accepted");
  EXPECT_EQ(refusal(with("end of trees", "")), "model: the trees have no end");
  EXPECT_EQ(refusal(with("regression", "poisson")), "model, objective: \"poisson\"");
  EXPECT_EQ(refusal(with("num_leaves=3", "num_leaves=99999999999")), "model, tree 0, num_leaves: \"99999999999\"");
  EXPECT_EQ(refusal(with("num_leaves=3", "num_leaves=4")), "model, tree 0, leaf_value: 3 values");
  EXPECT_EQ(refusal(with("left_child=-1 -2", "left_child=-1 0")), "model, tree 0: node 0 is reached twice");
  EXPECT_EQ(refusal(with("left_child=-1 -2", "left_child=-1 -4")), "model, tree 0, left_child: \"-4\"");
  EXPECT_EQ(refusal(with("split_feature=0 1", "split_feature=0 2")), "model, tree 0: node 1 tests feature 2 of 2");
  EXPECT_EQ(refusal(with("threshold=3 -1", "threshold=nan -1")), "model, tree 0: node 0 has no number as its threshold");
  EXPECT_EQ(refusal(with("decision_type=10 2", "decision_type=1 2")), "model, tree 0, threshold: set 3 of categories");
  EXPECT_EQ(refusal(with("num_cat=0", "num_cat=2\ncat_boundaries=0 5 1\ncat_threshold=7")), "model, tree 0, cat_boundaries: boundaries that fall");
  EXPECT_EQ(refusal(with("num_cat=0", "num_cat=2\ncat_boundaries=1 1 1\ncat_threshold=7")), "model, tree 0, cat_boundaries: boundaries that fall");
  EXPECT_EQ(refusal(with("decision_type=10 2", "decision_type=4 2")), "model, tree 0, decision_type: zeros that count as missing");
  EXPECT_EQ(refusal(with("is_linear=0", "is_linear=1")), "model, tree 0, is_linear: linear leaves");
}

TEST(Lightgbm, no_damage_goes_unanswered) {
  for (size_t length = 0; length < sound.find("end of trees"); ++length) EXPECT_NE(refusal(sound.substr(0, length)), "accepted");
  size_t answered = 0;
  for (size_t index = 0; index < sound.size(); ++index)
    for (char letter : {'9', '-', ' ', '\n'}) {
      std::string changed = sound;
      changed[index] = letter;
      answered += refusal(changed).empty() ? 0 : 1;
    }
  EXPECT_EQ(answered, 4 * sound.size());
}

}  // namespace
}  // namespace whit
