// SPDX-License-Identifier: Apache-2.0
// XGBoost's files: a sound one evaluated in both encodings, damaged ones and what is said about them.
#include "compiler/importers/xgboost/import.hpp"

#include <gtest/gtest.h>

#include <limits>

#include <nlohmann/json.hpp>

#include "ops/evaluate.hpp"

namespace whit {
namespace {

using nlohmann::json;

// x0 < 3 ? -0.5 : (x1 < 1 ? 0.25 : 1), missing x0 to the left, x1 to the right.
json tree() {
  return json::parse(R"({"left_children": [1, -1, 3, -1, -1], "right_children": [2, -1, 4, -1, -1], "split_indices": [0, 0, 1, 0, 0],
    "split_conditions": [3.0, -0.5, 1.0, 0.25, 1.0], "default_left": [1, 0, 0, 0, 0], "sum_hessian": [9, 4, 5, 2, 3],
    "split_type": [0, 0, 0, 0, 0], "tree_param": {"num_nodes": "5", "size_leaf_vector": "1"}})");
}

json model(const std::string &objective = "reg:squarederror", const std::string &base = "[5E-1]") {
  json document;
  document["learner"] = {{"gradient_booster", {{"name", "gbtree"}, {"model", {{"trees", {tree(), tree()}}, {"tree_info", {0, 0}}}}}},
                         {"learner_model_param", {{"base_score", base}, {"num_class", "0"}, {"num_feature", "2"}, {"num_target", "1"}}},
                         {"objective", {{"name", objective}}}};
  document["version"] = {3, 2, 0};
  return document;
}

Bytes json_bytes(const json &document) {
  const std::string text = document.dump();
  return {text.begin(), text.end()};
}

template <typename Output>
Output answer(const Bytes &bytes, float first, float second) {
  const Module module = import_xgboost(bytes, "model");
  const Graph &graph = module.main();
  Evaluator evaluator(graph);
  const Bytes features = bytes_of<float>({first, second});
  std::copy(features.begin(), features.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  return values_of<Output>(evaluator.bytes(graph.outputs[0]))[0];
}

TEST(Xgboost, predicts_what_the_trees_say) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const Bytes &bytes : {json_bytes(model()), json::to_ubjson(model(), true, true)}) {
    EXPECT_NEAR(answer<float>(bytes, 2.5F, 0), -0.5F, 1e-6);
    EXPECT_NEAR(answer<float>(bytes, 3.0F, 0.5F), 1.0F, 1e-6);
    EXPECT_NEAR(answer<float>(bytes, 3.0F, 1.0F), 2.5F, 1e-6);
    EXPECT_NEAR(answer<float>(bytes, nan, 1.0F), -0.5F, 1e-6);
    EXPECT_NEAR(answer<float>(bytes, 4.0F, nan), 2.5F, 1e-6);
  }
}

// x0 one of 1, 2, 5 (missing: no) goes right.
TEST(Xgboost, splits_by_categories_send_the_set_right) {
  json document = model();
  json &trees = document["learner"]["gradient_booster"]["model"]["trees"];
  trees[0] = json::parse(R"({"left_children": [1, -1, -1], "right_children": [2, -1, -1], "split_indices": [0, 0, 0], "split_conditions": [9.0, -0.5, 4.0],
    "default_left": [1, 0, 0], "split_type": [1, 0, 0], "categories": [5, 1, 2], "categories_nodes": [0], "categories_segments": [0], "categories_sizes": [3],
    "tree_param": {"num_nodes": "3"}})");
  trees[1] = json::parse(R"({"left_children": [-1], "right_children": [-1], "split_indices": [0], "split_conditions": [0.0], "default_left": [0], "tree_param": {}})");
  const Bytes bytes = json_bytes(document);
  for (const float in : {1.0F, 2.9F, 5.0F}) EXPECT_NEAR(answer<float>(bytes, in, 0), 4.5F, 1e-6) << in;
  for (const float out : {-2.0F, 0.5F, 3.0F, 4.0F, 6.0F, 1e9F, std::numeric_limits<float>::quiet_NaN()}) EXPECT_NEAR(answer<float>(bytes, out, 0), 0, 1e-6) << out;
  trees[0]["default_left"][0] = 0;
  EXPECT_NEAR(answer<float>(json_bytes(document), std::numeric_limits<float>::quiet_NaN(), 0), 4.5F, 1e-6);
  trees[0]["categories_sizes"][0] = 4;
  EXPECT_THROW(answer<float>(json_bytes(document), 0, 0), UserError);
  trees[0]["categories_sizes"][0] = 2;
  trees[0]["categories_nodes"] = {0, 1};  // segments that overlap
  trees[0]["categories_segments"] = {0, 1};
  trees[0]["categories_sizes"] = {2, 2};
  EXPECT_THROW(answer<float>(json_bytes(document), 0, 0), UserError);
  trees[0]["categories_nodes"] = {0};
  trees[0]["categories_segments"] = {0};
  trees[0]["categories_sizes"] = {2};
  trees[0]["split_indices"][0] = 2;
  EXPECT_THROW(answer<float>(json_bytes(document), 0, 0), UserError);
}

TEST(Xgboost, a_classifier_names_the_class) {
  const Bytes bytes = json_bytes(model("binary:logistic", "[6E-1]"));  // begins with a logit of 0.41
  EXPECT_EQ(answer<uint8_t>(bytes, 2, 0), 0);
  EXPECT_EQ(answer<uint8_t>(bytes, 5, 0), 1);
}

TEST(Xgboost, dart_trees_have_weights) {
  json document = model();
  json &booster = document["learner"]["gradient_booster"];
  booster = {{"name", "dart"}, {"gbtree", {{"name", "gbtree"}, {"model", booster["model"]}}}, {"weight_drop", {1.0, 0.5}}};
  EXPECT_NEAR(answer<float>(json_bytes(document), 4, 1), 2.0F, 1e-6);
}

TEST(Xgboost, early_stopping_ends_with_the_best_round_in_files_of_scikit_learns_interface) {
  json document = model();
  json &attributes = document["learner"]["attributes"];
  attributes = {{"best_iteration", "0"}, {"scikit_learn", "{}"}};
  EXPECT_NEAR(answer<float>(json_bytes(document), 4, 1), 1.5F, 1e-6);  // the first of two trees
  attributes["best_iteration"] = "1";
  EXPECT_NEAR(answer<float>(json_bytes(document), 4, 1), 2.5F, 1e-6);
  attributes = {{"best_iteration", "0"}};
  EXPECT_NEAR(answer<float>(json_bytes(document), 4, 1), 2.5F, 1e-6);
  document["learner"]["gradient_booster"]["model"]["gbtree_model_param"] = {{"num_parallel_tree", "2"}};
  attributes = {{"best_iteration", "0"}, {"scikit_learn", "{}"}};
  EXPECT_NEAR(answer<float>(json_bytes(document), 4, 1), 2.5F, 1e-6);
}

TEST(Xgboost, is_known_by_its_content) {
  EXPECT_TRUE(is_xgboost(json_bytes(model())));
  EXPECT_FALSE(is_xgboost(json_bytes({{"format", "whit-estimator"}})));
}

std::string refusal(const Bytes &bytes) {
  try {
    import_xgboost(bytes, "model");
  } catch (const UserError &error) {
    return error.problems()[0].place + ": " + error.problems()[0].found;
  }
  return "accepted";
}

std::string refusal_of(const char *pointer, const json &value) {
  json document = model();
  document[json::json_pointer(pointer)] = value;
  return refusal(json_bytes(document));
}

TEST(Xgboost, says_what_is_wrong_and_where) {
  const std::string first = "/learner/gradient_booster/model/trees/0";
  EXPECT_EQ(refusal_of("/learner/objective/name", "count:poisson"), "model, learner, objective, name: \"count:poisson\"");
  EXPECT_EQ(refusal_of("/learner/gradient_booster/name", "gblinear"), "model, learner, gradient_booster, name: \"gblinear\"");
  EXPECT_EQ(refusal_of((first + "/left_children/2").c_str(), 0), "model, tree 0: node 0 is reached twice");
  EXPECT_EQ(refusal_of((first + "/right_children/2").c_str(), 5), "model, tree 0: a child 5 of 5 nodes");
  EXPECT_EQ(refusal_of((first + "/split_indices/2").c_str(), 2), "model, tree 0: node 2 tests feature 2 of 2");
  EXPECT_EQ(refusal_of((first + "/split_conditions/0").c_str(), nullptr),
            "model, learner, gradient_booster, model, trees[0], split_conditions[0]: null");
  EXPECT_EQ(refusal_of((first + "/categories_nodes").c_str(), {0}),
            "model, learner, gradient_booster, model, trees[0]: no \"categories\"");
  EXPECT_EQ(refusal_of("/learner/learner_model_param/num_feature", "99999999999"),
            "model, learner, learner_model_param, num_feature: \"99999999999\"");
  EXPECT_EQ(refusal_of("/learner/learner_model_param/base_score", "[nan]"), "model, learner, learner_model_param, base_score: \"[nan]\"");
}

TEST(Xgboost, counts_that_no_file_can_hold_are_refused) {
  // An array of 2^40 nulls in 12 bytes.
  const Bytes claim = {'{', 'i', 7, 'l', 'e', 'a', 'r', 'n', 'e', 'r', '[', '$', 'Z', '#', 'L', 0, 0, 1, 0, 0, 0, 0, 0, '}'};
  EXPECT_EQ(refusal(claim), "model: not a whole XGBoost model");
}

TEST(Xgboost, no_damage_goes_unanswered) {
  const Bytes sound = json::to_ubjson(model(), true, true);
  for (size_t length = 0; length < sound.size(); ++length)
    EXPECT_NE(refusal(Bytes(sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(length))), "accepted");
  size_t answered = 0;
  for (size_t index = 0; index < sound.size(); ++index)
    for (uint8_t flip : {0x01, 0x80, 0xFF}) {
      Bytes changed = sound;
      changed[index] ^= flip;
      answered += refusal(changed).empty() ? 0 : 1;
    }
  EXPECT_EQ(answered, 3 * sound.size());
}

}  // namespace
}  // namespace whit
