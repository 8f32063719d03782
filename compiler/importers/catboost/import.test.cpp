// SPDX-License-Identifier: Apache-2.0
// CatBoost's JSON: sound models evaluated, damaged ones and what is said about them.
#include "compiler/importers/catboost/import.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ops/evaluate.hpp"

namespace whit {
namespace {

// One tree of two levels: is x0 above 3 (missing: no), is x1 the category with the hash -7. Leaves 1 2 3 4, times 10, plus 0.5.
const std::string symmetric =
    R"({"features_info":{"float_features":[{"flat_feature_index":0,"nan_value_treatment":"AsIs"}],)"
    R"("categorical_features":[{"flat_feature_index":1,"values":[9,-7]}]},)"
    R"("oblivious_trees":[{"leaf_values":[1,2,3,4],"leaf_weights":[4,3,2,1],"splits":[)"
    R"({"split_type":"FloatFeature","float_feature_index":0,"border":3},)"
    R"({"split_type":"OneHotFeature","cat_feature_index":0,"value":-7}]}],"scale_and_bias":[10,[0.5]]})";

// Three classes: x0 above 3 (missing: yes) is class 1, else class 2.
const std::string nested =
    R"({"features_info":{"float_features":[{"flat_feature_index":0,"nan_value_treatment":"AsTrue"}]},"model_info":{"class_params":{}},)"
    R"("trees":[{"split":{"split_type":"FloatFeature","float_feature_index":0,"border":3},)"
    R"("left":{"value":[0,0,1],"weight":3},"right":{"value":[0,1,0],"weight":1}}],"scale_and_bias":[1,[0,0,0]]})";

std::span<const uint8_t> bytes(const std::string &text) { return {reinterpret_cast<const uint8_t *>(text.data()), text.size()}; }

std::string with(const std::string &text, const std::string &old_text, const std::string &new_text) {
  std::string changed = text;
  return changed.replace(changed.find(old_text), old_text.size(), new_text);
}

template <typename Output>
Output answer(const std::string &text, const std::vector<float> &features) {
  const Module module = import_catboost(bytes(text), "model");
  const Graph &graph = module.main();
  Evaluator evaluator(graph);
  const Bytes sample = bytes_of(features);
  std::copy(sample.begin(), sample.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  return values_of<Output>(evaluator.bytes(graph.outputs[0]))[0];
}

TEST(Catboost, symmetric_trees_predict_what_they_say) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NEAR(answer<float>(symmetric, {3, 0}), 10.5F, 1e-5);
  EXPECT_NEAR(answer<float>(symmetric, {4, 0}), 20.5F, 1e-5);
  EXPECT_NEAR(answer<float>(symmetric, {3, 1}), 30.5F, 1e-5);
  EXPECT_NEAR(answer<float>(symmetric, {4, 1}), 40.5F, 1e-5);
  EXPECT_NEAR(answer<float>(symmetric, {4, 2}), 20.5F, 1e-5);
  EXPECT_NEAR(answer<float>(symmetric, {nan, -1}), 10.5F, 1e-5);
}

TEST(Catboost, a_classifier_gives_the_number_of_the_class) {
  EXPECT_EQ(answer<uint8_t>(nested, {3}), 2);
  EXPECT_EQ(answer<uint8_t>(nested, {4}), 1);
  EXPECT_EQ(answer<uint8_t>(nested, {std::numeric_limits<float>::quiet_NaN()}), 1);
}

// Two sums; the loss says what they mean.
std::string trained_for(const std::string &loss) {
  return R"({"features_info":{"float_features":[{"flat_feature_index":0,"nan_value_treatment":"AsIs"}]},"model_info":{"params":{"loss_function":{"type":")" + loss +
         R"("}}},"oblivious_trees":[{"leaf_values":[1,-0.5,2,0.25],"splits":[{"split_type":"FloatFeature","float_feature_index":0,"border":3}]}],"scale_and_bias":[1,[0,0]]})";
}

// Of two categories, hashes 7 and 4216280702, one sample of 4 and three of 4 had the second target; is (that + 0.5) / (all + 1) * 10 above 5.5.
const std::string statistics =
    R"({"ctr_data":{"t":{"counter_denominator":0,"hash_stride":3,"hash_map":["14670935167156705519",3,1,"15097791572046390990",1,3]}},)"
    R"("features_info":{"categorical_features":[{"flat_feature_index":0}],"cat_features_hash":[{"hash":7},{"hash":4216280702}],"ctrs":[{"borders":[1,5.5],"ctr_type":"Borders",)"
    R"("elements":[{"cat_feature_index":0,"combination_element":"cat_feature_value"}],"identifier":"t","prior_numerator":0.5,"prior_denomerator":1,"scale":10,"shift":0,"target_border_idx":0}]},)"
    R"("oblivious_trees":[{"leaf_values":[1,2],"splits":[{"split_type":"OnlineCtr","split_index":1,"border":5.5}]}],"scale_and_bias":[1,[0]]})";

TEST(Catboost, statistics_of_categories_are_looked_up) {
  EXPECT_EQ(answer<float>(statistics, {0}), 1);   // 3
  EXPECT_EQ(answer<float>(statistics, {1}), 2);   // 7
  EXPECT_EQ(answer<float>(statistics, {-1}), 1);  // 5, of one that training had not
  const std::string certain = with(statistics, "\"prior_numerator\":0.5", "\"prior_numerator\":0.9");
  EXPECT_EQ(answer<float>(certain, {0}), 1);  // 3.8
  EXPECT_EQ(answer<float>(certain, {-1}), 2);  // 9
}

TEST(Catboost, the_loss_says_what_sums_mean) {
  const auto both = [](const std::string &loss) {
    const Module module = import_catboost(bytes(trained_for(loss)), "model");
    Evaluator evaluator(module.main());
    const Bytes sample = bytes_of(std::vector<float>{4});
    std::copy(sample.begin(), sample.end(), evaluator.bytes(module.main().inputs[0]).begin());
    evaluator.run();
    return values_of<float>(evaluator.bytes(module.main().outputs[0]));
  };
  EXPECT_EQ(both("MultiRMSE"), (std::vector<float>{2, 0.25F}));
  EXPECT_NEAR(both("Poisson")[0], std::exp(2.0), 1e-5);
  EXPECT_NEAR(both("Tweedie")[1], std::exp(0.25), 1e-6);
  EXPECT_EQ(both("RMSEWithUncertainty")[0], 2);
  EXPECT_NEAR(both("RMSEWithUncertainty")[1], std::exp(0.5), 1e-6);
}

TEST(Catboost, a_label_asks_for_the_threshold_of_the_model) {
  const auto label = [](const std::string &threshold, float bias) {
    const std::string info = R"("model_info":{"class_params":{},"binclass_probability_threshold":")" + threshold + R"("},)";
    const std::string text = with(with(symmetric, R"("oblivious)", info + R"("oblivious)"), "[10,[0.5]]", fmt::format("[0,[{}]]", bias));
    return answer<uint8_t>(text, {0, 0});
  };
  EXPECT_EQ(label("0.5", 0.1F), 1);
  EXPECT_EQ(label("0.7", 0.8F), 0);  // 0.69 as a probability
  EXPECT_EQ(label("0.7", 0.9F), 1);  // 0.71
  EXPECT_THROW(label("1", 0.9F), UserError);
}

TEST(Catboost, is_known_by_its_members) {
  EXPECT_TRUE(is_catboost(bytes(symmetric)));
  EXPECT_TRUE(is_catboost(bytes(nested)));
  EXPECT_FALSE(is_catboost(bytes("{\"learner\":{}}")));
}

std::string refusal(const std::string &text) {
  try {
    import_catboost(bytes(text), "model");
  } catch (const UserError &error) {
    return error.problems()[0].place + ": " + error.problems()[0].found;
  }
  return "accepted";
}

// What is sound but not supported is not called damaged.
std::string hint(const std::string &text) {
  try {
    import_catboost(bytes(text), "model");
  } catch (const UserError &error) {
    return error.problems()[0].hint;
  }
  return "accepted";
}

TEST(Catboost, hints_at_what_to_do) {
  EXPECT_EQ(hint(with(symmetric, "OneHotFeature", "TextFeature")), "train on numbers and categories");
  EXPECT_EQ(hint(with(statistics, "cat_feature_value", "float_feature")), "train with max_ctr_complexity=1");
  EXPECT_EQ(hint(with(statistics, "\"cat_features_hash\"", "\"other\"")), "save_model with pool=train");
  EXPECT_EQ(hint(with(symmetric, "[1,2,3,4]", "[1,2,3]")), "the model file may be damaged");
}

TEST(Catboost, says_what_is_wrong_and_where) {
  EXPECT_EQ(refusal(symmetric), "accepted");
  EXPECT_EQ(refusal(trained_for("MultiLogloss")), "model, model_info, params, loss_function, type: \"MultiLogloss\"");
  EXPECT_EQ(refusal(symmetric.substr(0, 100)), "model: not a whole JSON file");
  EXPECT_EQ(refusal(with(symmetric, "OneHotFeature", "TextFeature")), "model, oblivious_trees[0], splits[1], split_type: \"TextFeature\"");
  EXPECT_EQ(refusal(with(symmetric, "OneHotFeature", "OnlineCtr")), "model, oblivious_trees[0], splits[1]: no \"split_index\"");
  EXPECT_EQ(refusal(statistics), "accepted");
  EXPECT_EQ(refusal(with(statistics, "\"split_index\":1", "\"split_index\":2")), "model, oblivious_trees[0], splits[0], split_index: 2");
  EXPECT_EQ(refusal(with(statistics, "\"border\":5.5", "\"border\":5")), "model, oblivious_trees[0], splits[0], border: 5");
  EXPECT_EQ(refusal(with(statistics, "\"hash_stride\":3", "\"hash_stride\":4")), "model, ctr_data, t, hash_map: an array of 6");
  EXPECT_EQ(refusal(with(symmetric, "\"value\":-7", "\"value\":8")), "model, oblivious_trees[0], splits[1], value: 8");
  EXPECT_EQ(refusal(with(symmetric, "\"cat_feature_index\":0", "\"cat_feature_index\":1")), "model, oblivious_trees[0], splits[1], cat_feature_index: 1");
  EXPECT_EQ(refusal(with(symmetric, "[1,2,3,4]", "[1,2,3]")), "model, oblivious_trees[0], leaf_values: an array of 3");
  EXPECT_EQ(refusal(with(symmetric, "\"flat_feature_index\":1", "\"flat_feature_index\":99999999")),
            "model, features_info, categorical_features[0], flat_feature_index: 99999999");
  EXPECT_EQ(refusal(with(symmetric, "[10,[0.5]]", "[10,[]]")), "model, scale_and_bias: an array of 2");
  EXPECT_EQ(refusal(with(nested, "\"value\":[0,0,1]", "\"value\":[0,1]")), "model, trees[0], left, value: an array of 2");
  EXPECT_EQ(refusal(with(nested, "\"border\":3", "\"border\":1e999")), "model: not a whole JSON file");
  EXPECT_EQ(refusal(with(nested, "\"value\":[0,0,1],", "\"valeur\":[0,0,1],")), "model, trees[0], left: no \"value\"");
}

TEST(CatboostHostile, deep_trees_are_refused) {
  std::string deep = R"({"value":[0,0,1]})";
  for (int level = 0; level < 600; ++level)
    deep = R"({"split":{"split_type":"FloatFeature","float_feature_index":0,"border":3},"left":{"value":[0,0,1]},"right":)" + deep + "}";
  const size_t begin = nested.find("[{\"split\""), end = nested.find(",\"scale_and_bias\"");
  EXPECT_NE(refusal(nested.substr(0, begin) + "[" + deep + "]" + nested.substr(end)), "accepted");
}

TEST(CatboostHostile, no_damage_goes_unanswered) {
  for (const std::string &sound : {symmetric, nested, statistics})
    for (size_t index = 0; index < sound.size(); ++index)
      for (const char letter : {'9', '-', ' ', '[', '"'}) {
        std::string changed = sound;
        changed[index] = letter;
        EXPECT_FALSE(refusal(changed).empty());
      }
}

}  // namespace
}  // namespace whit
