// SPDX-License-Identifier: Apache-2.0
// Estimator files: a sound one evaluated, damaged ones and what is said about them.
#include "compiler/importers/estimator/import.hpp"

#include <gtest/gtest.h>

#include "ops/evaluate.hpp"

namespace whit {
namespace {

// x0 <= 4.5 ? "left" : (x1 <= 2 ? "right" : "left")
constexpr std::string_view tree =
    R"({"feature": [0, -1, 1, -1, -1], "threshold": [4.5, 0, 2, 0, 0], "left": [1, -1, 3, -1, -1], "right": [2, -1, 4, -1, -1],
        "value": [null, [1, 0], null, [0.25, 0.75], [0.5, 0.5]]})";

std::string file(std::string_view one_tree = tree, std::string_view input = R"({"type": "uint8"})") {
  return fmt::format(R"({{"format": "whit-estimator", "version": 1, "features": 2, "input": {}, "result": "label",
    "steps": [{{"kind": "trees", "outputs": 2, "trees": [{}]}}]}})", input, one_tree);
}

std::span<const uint8_t> bytes(const std::string &text) { return {reinterpret_cast<const uint8_t *>(text.data()), text.size()}; }

uint8_t label(const Graph &graph, std::vector<uint8_t> features) {
  Evaluator evaluator(graph);
  std::copy(features.begin(), features.end(), evaluator.bytes(graph.inputs[0]).begin());
  evaluator.run();
  return evaluator.bytes(graph.outputs[0])[0];
}

std::string refusal(const std::string &text) {
  try {
    import_estimator(bytes(text), "model.json");
  } catch (const UserError &error) {
    return error.problems()[0].place + ": " + error.problems()[0].found;
  }
  return "accepted";
}

TEST(Estimator, is_known_by_its_mark) {
  EXPECT_TRUE(is_estimator(bytes(file())));
  EXPECT_FALSE(is_estimator(bytes(R"({"learner": {}})")));
}

TEST(Estimator, a_tree_answers_as_it_was_trained) {
  const std::string text = file();
  const Module module = import_estimator(bytes(text), "model.json");
  EXPECT_EQ(label(module.main(), {4, 0}), 0);
  EXPECT_EQ(label(module.main(), {5, 2}), 1);
  EXPECT_EQ(label(module.main(), {5, 3}), 0);
}

TEST(Estimator, each_feature_may_have_its_scale) {
  const std::string text = file(tree, R"({"type": "int16", "scales": [0.5, 0.25]})");
  const Module module = import_estimator(bytes(text), "model.json");
  const Tensor &input = module.main().tensor(module.main().inputs[0]);
  EXPECT_EQ(input.quantization.scales, (std::vector<float>{0.5F, 0.25F}));
  EXPECT_EQ(input.quantization.axis, 1);
}

// Features far from zero: stored 0 of the first is 100000, of the second -8.
TEST(Estimator, each_feature_may_have_its_zero) {
  const std::string text = file(R"({"feature": [0, -1, -1], "threshold": [100001.25, 0, 0], "left": [1, -1, -1], "right": [2, -1, -1], "value": [null, [1, 0], [0, 1]]})",
                                R"({"type": "uint8", "scales": [0.5, 0.25], "zeros": [-200000, 32]})");
  const Module module = import_estimator(bytes(text), "model.json");
  const Tensor &input = module.main().tensor(module.main().inputs[0]);
  EXPECT_EQ(input.quantization.zero_points, (std::vector<int64_t>{-200000, 32}));
  EXPECT_EQ(label(module.main(), {2, 0}), 0);  // 100001
  EXPECT_EQ(label(module.main(), {3, 0}), 1);  // 100001.5
}

TEST(Estimator, says_what_is_wrong_and_where) {
  EXPECT_EQ(refusal(file(tree, R"({"type": "int8", "zeros": [1]})")), "model.json, input, zeros: an array of 1");
  EXPECT_EQ(refusal(file(tree, R"({"type": "int8", "scales": [1e38, 1], "zeros": [1000000000000000, 1]})")), "model.json, input, zeros: an array of 2");
  EXPECT_EQ(refusal(file().substr(0, 100)), "model.json: not a whole JSON file");
  EXPECT_EQ(refusal(R"({"format": "other"})"), "model.json, format: \"other\"");
  EXPECT_EQ(refusal(file("{}")), "model.json, steps[0], trees[0]: no \"feature\"");
  EXPECT_EQ(refusal(file(R"({"feature": [0, -1], "threshold": [1], "left": [1, -1], "right": [1, -1], "value": [null, [1, 0]]})")),
            "model.json, steps[0], trees[0], threshold: an array of 1");
  EXPECT_EQ(refusal(file(R"({"feature": [0, -1], "threshold": [1, 0], "left": [1, -1], "right": [0, -1], "value": [null, [1, 0]]})")),
            "model.json, steps[0], tree 0: node 0 is reached twice");
  EXPECT_EQ(refusal(file(R"({"feature": [9, -1, -1], "threshold": [1, 0, 0], "left": [1, -1, -1], "right": [2, -1, -1], "value": [null, [1, 0], [0, 1]]})")),
            "model.json, steps[0], tree 0: node 0 tests feature 9 of 2");
  EXPECT_EQ(refusal(file(tree, R"({"type": "int4"})")), "model.json, input, type: \"int4\"");
  EXPECT_EQ(refusal(file(tree, R"({"type": "int8", "scales": [0]})")), "model.json, input, scales: an array of 1");
}

// Every prefix, and every byte changed: an answer or an explanation, never a crash.
TEST(Estimator, no_damage_goes_unanswered) {
  const std::string whole = file();
  for (size_t length = 0; length < whole.size(); ++length) EXPECT_NE(refusal(whole.substr(0, length)), "accepted");
  size_t answered = 0;
  for (size_t index = 0; index < whole.size(); ++index) {
    std::string changed = whole;
    changed[index] = static_cast<char>('9' - index % 10);
    answered += refusal(changed).empty() ? 0 : 1;
  }
  EXPECT_EQ(answered, whole.size());
}

}  // namespace
}  // namespace whit
