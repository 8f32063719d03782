// SPDX-License-Identifier: Apache-2.0
// The kinds of steps in estimator files: a sound one of each evaluated, damaged ones and what is said about them.
#include <gtest/gtest.h>

#include <cmath>

#include "compiler/importers/estimator/import.hpp"
#include "ops/evaluate.hpp"

namespace whit {
namespace {

std::string file(std::string_view steps, std::string_view input = R"({"type": "float32"})", std::string_view result = "label") {
  return fmt::format(R"({{"format": "whit-estimator", "version": 1, "features": 2, "input": {}, "result": "{}", "steps": [{}]}})", input, result, steps);
}

Module import(const std::string &text) { return import_estimator({reinterpret_cast<const uint8_t *>(text.data()), text.size()}, "model.json"); }

template <typename Result, typename Element>
std::vector<Result> answer(const std::string &text, std::vector<Element> features) {
  const Module module = import(text);
  Evaluator evaluator(module.main());
  const Bytes input = bytes_of(features);
  std::copy(input.begin(), input.end(), evaluator.bytes(module.main().inputs[0]).begin());
  evaluator.run();
  return values_of<Result>(evaluator.bytes(module.main().outputs[0]));
}

std::string refusal(const std::string &text) {
  try {
    import(text);
  } catch (const UserError &error) {
    return error.problems()[0].place + ": " + error.problems()[0].found;
  }
  return "accepted";
}

// The text with one part of it replaced.
std::string changed(std::string_view text, std::string_view part, std::string_view instead) {
  std::string result(text);
  const size_t place = result.find(part);
  if (place == std::string::npos) ADD_FAILURE() << part << " is not there";
  return place == std::string::npos ? result : result.replace(place, part.size(), instead);
}

// Every prefix, and every byte changed: an answer or an explanation, never a crash.
void expect_answered(const std::string &whole) {
  for (size_t length = 0; length < whole.size(); ++length) EXPECT_NE(refusal(whole.substr(0, length)), "accepted");
  for (size_t index = 0; index < whole.size(); ++index)
    for (char other : {'9', '-', ']'}) {
      std::string damaged = whole;
      damaged[index] = other;
      EXPECT_FALSE(refusal(damaged).empty());
    }
}

// 99 stands for missing; the second feature stores it as 98.9.
TEST(EstimatorSteps, missing_numbers_are_found_among_integers) {
  const std::string text = file(R"({"kind": "impute", "missing": 99, "values": [7, 8]}, {"kind": "features"})", R"({"type": "int16", "scales": [1, 0.2], "zeros": [0, 2]})", "reals");
  EXPECT_EQ((answer<float, int16_t>(text, {99, 497})), (std::vector<float>{7, 8}));
  EXPECT_EQ((answer<float, int16_t>(text, {98, 12})), (std::vector<float>{98, 2}));
}

// What is sound but not supported is not called damaged.
std::string hint(const std::string &text) {
  try {
    import(text);
  } catch (const UserError &error) {
    return error.problems()[0].hint;
  }
  return "accepted";
}

TEST(EstimatorSteps, hint_at_what_to_do) {
  EXPECT_EQ(hint(file(R"({"kind": "trick"})")), "docs/formats/estimator.md tells what there is");
  EXPECT_EQ(hint(file(R"({"kind": 7})")), "the model file may be damaged");
  EXPECT_EQ(hint(changed(file(R"({"kind": "features"})"), "\"version\": 1", "\"version\": 2")), "write the file by the Python package of this version of whit");
}

constexpr std::string_view scale = R"({"kind": "scale", "factors": [0.5, 2], "offsets": [1, -1]})";
constexpr std::string_view machine =
    R"({"kind": "kernel_machine", "kernel": "rbf", "gamma": 0.5, "vectors": [[1, 0], [0, 2]], "coefficients": [[1], [-1]], "bias": [0]})";
constexpr std::string_view pairs =
    R"({"kind": "kernel_machine", "kernel": "poly", "gamma": 0.5, "coef0": 1, "degree": 2, "counts": [1, 1, 1], "vectors": [[1, 0], [0, 2], [3, 3]],
        "coefficients": [[1, 1], [-1, 1], [-1, -1]], "bias": [0, 1, 2]})";

constexpr std::string_view gaussian =
    R"({"kind": "gaussian", "form": "triangular", "classes": [{"weights": [1, [0.1, 1]], "centre": [1, 2], "constant": 0.5},
        {"weights": [[0.5], [0, 0.5]], "centre": [9, 8], "constant": -1}]})";

constexpr std::string_view neighbours =
    R"({"kind": "neighbours", "neighbours": 1, "classes": 2, "vectors": [[0, 0], [9, 9], [1, 2]], "values": [[0], [1], [0]]})";

// Lines from (1, 4) to (3, 8) and from (2.5, 2) to (3, 3).
constexpr std::string_view map =
    R"({"kind": "map", "lines": true, "outputs": [{"feature": 0, "places": [1, 3], "values": [4, 8]}, {"feature": 1, "places": [2.5, 3], "values": [2, 3]}]})";

TEST(EstimatorSteps, a_machine_names_the_nearer_vector) {
  for (std::string_view input : {R"({"type": "int8", "scales": [0.1]})", R"({"type": "int8", "scales": [0.03]})"}) {
    const std::string text = file(machine, input);
    EXPECT_EQ((answer<uint8_t, int8_t>(text, {20, 0})), std::vector<uint8_t>{1}) << input;
    EXPECT_EQ((answer<uint8_t, int8_t>(text, {0, 60})), std::vector<uint8_t>{0}) << input;
  }
  EXPECT_EQ((answer<uint8_t, float>(file(machine), {1, 0.5F})), std::vector<uint8_t>{1});
}

TEST(EstimatorSteps, a_scaler_changes_what_the_next_step_reads) {
  const std::string sums = R"({"kind": "linear", "weights": [[2, 3]], "bias": [5]})";  // 2 (x/2 + 1) + 3 (2 y - 1) + 5
  EXPECT_EQ((answer<float, float>(file(fmt::format("{}, {}", scale, sums), R"({"type": "float32"})", "reals"), {1, 2})), std::vector<float>{17});
  const std::string text = file(fmt::format("{}, {}", scale, machine));
  EXPECT_EQ((answer<uint8_t, float>(text, {0, 0.5F})), std::vector<uint8_t>{1});  // (1, 0)
  EXPECT_EQ((answer<uint8_t, float>(text, {-2, 1.5F})), std::vector<uint8_t>{0});  // (0, 2)
  const std::string tree = R"({"kind": "trees", "outputs": 2, "trees": [{"feature": [1, -1, -1], "threshold": [3, 0, 0], "left": [1, -1, -1],
    "right": [2, -1, -1], "value": [null, [1, 0], [0, 1]]}]})";  // 2 y - 1 <= 3
  EXPECT_EQ((answer<uint8_t, float>(file(fmt::format("{}, {}", scale, tree)), {0, 2})), std::vector<uint8_t>{0});
  EXPECT_EQ((answer<uint8_t, float>(file(fmt::format("{}, {}", scale, tree)), {0, 2.5F})), std::vector<uint8_t>{1});
}

TEST(EstimatorSteps, layers_of_a_network_follow_each_other) {
  for (const auto &[activation, expected] : {std::pair{"relu", 4.0}, {"none", 2.0}, {"tanh", 0.964028}, {"logistic", 1.880797}}) {
    const std::string layers = fmt::format(R"({{"kind": "project", "weights": [[1, 0], [0, 2]], "bias": [0, 0], "activation": "{}", "largest": 8}},
      {{"kind": "linear", "weights": [[2, 1]], "bias": [0]}})", activation);
    EXPECT_NEAR((answer<float, float>(file(layers, R"({"type": "float32"})", "reals"), {2, -1})[0]), expected, 1e-5) << activation;
    EXPECT_NEAR((answer<float, int16_t>(file(layers, R"({"type": "int16", "scales": [0.001]})", "reals"), {2000, -1000})[0]), expected, 2e-3) << activation;
  }
  EXPECT_EQ(refusal(file(R"({"kind": "project", "weights": [[1, 0]], "bias": [0], "activation": "swish"}, {})")), "model.json, steps[0], activation: \"swish\"");
}

TEST(EstimatorSteps, a_class_is_where_its_density_is_largest) {
  for (std::string_view input : {R"({"type": "float32"})", R"({"type": "int16"})"}) {
    const std::string text = file(gaussian, input);
    const auto label = [&](int x, int y) {
      return input.find("int16") == std::string_view::npos ? answer<uint8_t, float>(text, {static_cast<float>(x), static_cast<float>(y)})
                                                           : answer<uint8_t, int16_t>(text, {static_cast<int16_t>(x), static_cast<int16_t>(y)});
    };
    EXPECT_EQ(label(2, 1), std::vector<uint8_t>{0}) << input;
    EXPECT_EQ(label(8, 7), std::vector<uint8_t>{1}) << input;
  }
  EXPECT_EQ(refusal(file(changed(gaussian, "[0.1, 1]", "[0.1, 1, 2]"))), "model.json, steps[0], classes[0], weights[1]: an array of 3");
  EXPECT_EQ(refusal(file(changed(gaussian, "\"triangular\"", "\"round\""))), "model.json, steps[0], form: \"round\"");
}

TEST(EstimatorSteps, neighbours_name_their_class) {
  EXPECT_EQ((answer<uint8_t, float>(file(neighbours), {1, 1})), std::vector<uint8_t>{0});
  EXPECT_EQ((answer<uint8_t, int16_t>(file(neighbours, R"({"type": "int16"})"), {8, 9})), std::vector<uint8_t>{1});
  EXPECT_EQ(refusal(file(changed(neighbours, "\"neighbours\": 1", "\"neighbours\": 4"))), "model.json, steps[0], neighbours: 4");
  EXPECT_EQ(refusal(file(changed(neighbours, "[0], [1]", "[0], [7]"))), "model.json, steps[0]: class 7 of 2");
}

TEST(EstimatorSteps, features_are_mapped_and_selected) {
  const std::string sum = R"({"kind": "linear", "weights": [[1, 10]], "bias": [0]})";
  const std::string steps = fmt::format("{}, {}", map, sum);
  EXPECT_NEAR((answer<float, float>(file(steps, R"({"type": "float32"})", "reals"), {1.5F, 3})[0]), 5 + 30, 1e-5);
  EXPECT_NEAR((answer<float, int16_t>(file(steps, R"({"type": "int16", "scales": [0.5]})", "reals"), {3, 6})[0]), 5 + 30, 1e-2);
  EXPECT_NEAR((answer<float, int16_t>(file(steps, R"({"type": "int16", "scales": [0.5]})", "reals"), {3, 5})[0]), 5 + 20, 1e-2);
  const std::string last = R"({"kind": "select", "features": [1]}, {"kind": "linear", "weights": [[2]], "bias": [1]})";
  EXPECT_EQ((answer<float, float>(file(last, R"({"type": "float32"})", "reals"), {7, 3})), std::vector<float>{7});
  EXPECT_EQ(refusal(file(R"({"kind": "select", "features": [2]}, {})")), "model.json, steps[0], features[0]: 2");
  EXPECT_EQ(refusal(file(fmt::format("{}, {}", changed(map, "[1, 3]", "[3, 1]"), sum))), "model.json, steps[0], outputs[0], places: an array of 2");
}

TEST(EstimatorSteps, features_are_normalised_multiplied_raised_and_filled) {
  const auto results = [](std::string_view step, std::vector<float> features) {
    return answer<float, float>(file(fmt::format("{}, {{\"kind\": \"features\"}}", step), R"({"type": "float32"})", "reals"), std::move(features));
  };
  const auto of_integers = [](std::string_view step, std::vector<int16_t> features) {
    return answer<float, int16_t>(file(fmt::format("{}, {{\"kind\": \"features\"}}", step), R"({"type": "int16", "scales": [0.01, 0.02]})", "reals"), std::move(features));
  };
  const std::string_view half = R"({"kind": "normalize", "norm": "l1"})", products = R"({"kind": "products", "terms": [[], [0, 1], [1, 1]]})",
                         power = R"({"kind": "power", "method": "box-cox", "exponents": [2, 0], "least": [0.1, 0.1], "most": [5, 5]})",
                         gaps = R"({"kind": "impute", "missing": null, "values": [7, 8]})";
  EXPECT_EQ(results(half, {3, -1}), (std::vector<float>{0.75F, -0.25F}));
  EXPECT_NEAR(of_integers(half, {300, -50})[0], 0.75, 1e-3);
  EXPECT_EQ(results(products, {3, -2}), (std::vector<float>{1, -6, 4}));
  EXPECT_NEAR(of_integers(products, {20000, -10000})[1], -40000, 20);
  EXPECT_NEAR(results(power, {3, 1})[0], 4, 1e-5);
  EXPECT_NEAR(of_integers(power, {300, 100})[0], 4, 1e-2);
  EXPECT_NEAR(of_integers(power, {300, 100})[1], 0.693147, 1e-2);
  EXPECT_EQ(results(gaps, {std::nanf(""), 2}), (std::vector<float>{7, 2}));
  EXPECT_EQ(refusal(file(changed(half, "l1", "l3"))), "model.json, steps[0], kind: \"normalize\"");
  EXPECT_EQ(refusal(file(fmt::format("{}, {}", changed(products, "[0, 1]", "[0, 2]"), half))), "model.json, steps[0], terms[1][1]: 2");
}

TEST(EstimatorSteps, sums_become_probabilities) {
  const auto shares = [](std::string_view step) { return answer<float, float>(file(step, R"({"type": "float32"})", "probabilities"), {2, 1}); };
  const std::vector<float> one = shares(R"({"kind": "linear", "weights": [[1, -2]], "bias": [1.0986123], "probability": {"form": "logistic"}})");
  EXPECT_NEAR(one[0], 0.25, 1e-6);
  EXPECT_NEAR(one[1], 0.75, 1e-6);
  const std::string rows = R"({"kind": "linear", "weights": [[1, 0], [0, 6]], "bias": [0, 0], "probability": {"form": "shares"}})";
  EXPECT_EQ(shares(rows), (std::vector<float>{0.25F, 0.75F}));
  EXPECT_NEAR(shares(changed(rows, "shares", "softmax"))[1], 0.982014, 1e-6);
  EXPECT_NEAR(shares(changed(rows, "shares", "each"))[0], 0.468927, 1e-6);
  EXPECT_EQ(refusal(file(changed(rows, "shares", "guesses"), R"({"type": "float32"})", "probabilities")), "model.json, steps[0], probability, form: \"guesses\"");
  // Three classes of which each pair says one half
  const std::vector<float> coupled = shares(R"({"kind": "linear", "weights": [[0, 0], [0, 0], [0, 0]], "bias": [1, 2, 3], "pairs": true,
    "probability": {"form": "pairs", "slopes": [-1, -1, -1], "offsets": [1, 2, 3]}})");
  for (float share : coupled) EXPECT_NEAR(share, 1.0 / 3, 1e-6);
}

// Two linear models whose labels, or sums, are the features of a third.
constexpr std::string_view parts =
    R"({"kind": "parts", "pass": true, "parts": [{"result": "reals", "steps": [{"kind": "linear", "weights": [[1, 1]], "bias": [0]}]},
        {"result": "label", "steps": [{"kind": "linear", "weights": [[1, -1]], "bias": [0]}]}]}, {"kind": "features"})";

TEST(EstimatorSteps, parts_are_the_features_of_what_follows) {
  EXPECT_EQ((answer<float, float>(file(parts, R"({"type": "float32"})", "reals"), {5, 3})), (std::vector<float>{8, 1, 5, 3}));
  EXPECT_EQ((answer<float, int16_t>(file(parts, R"({"type": "int16"})", "reals"), {3, 5})), (std::vector<float>{8, 0, 3, 5}));
  const std::string labels = changed(changed(parts, "\"pass\": true", "\"pass\": false"), "\"reals\"", "\"label\"");
  EXPECT_EQ((answer<float, int16_t>(file(labels, R"({"type": "int16"})", "reals"), {3, 5})), (std::vector<float>{1, 0}));
  EXPECT_EQ(refusal(file(changed(parts, "\"reals\"", "\"hopes\""), R"({"type": "float32"})", "reals")), "model.json, steps[0], parts[0], result: \"hopes\"");
}

// One feature scaled, both as they come in, a function of one.
constexpr std::string_view features_of_parts =
    R"({"kind": "parts", "parts": [{"result": "features", "steps": [{"kind": "select", "features": [1]}, {"kind": "scale", "factors": [2], "offsets": [1]}]},
        {"result": "features", "steps": []}, {"result": "features", "steps": [{"kind": "map", "outputs": [{"feature": 0, "places": [0, 4], "values": [0, 7]}]}]}]}, {"kind": "features"})";

TEST(EstimatorSteps, parts_prepare_features_in_integers_too) {
  const std::vector<float> expected = {7, 5, 3, 7};
  EXPECT_EQ((answer<float, float>(file(features_of_parts, R"({"type": "float32"})", "reals"), {5, 3})), expected);
  EXPECT_EQ((answer<float, int16_t>(file(features_of_parts, R"({"type": "int16", "scales": [1, 0.5], "zeros": [2, 0]})", "reals"), {7, 6})), expected);
  EXPECT_EQ((answer<float, int8_t>(file(features_of_parts, R"({"type": "int8", "scales": [1]})", "reals"), {5, 3})), expected);
  const std::string mixed = changed(features_of_parts, R"("result": "features", "steps": [])", R"("result": "reals", "steps": [{"kind": "features"}])");
  EXPECT_EQ(refusal(file(mixed)), "model.json, steps[0], parts[1], result: \"reals\"");
}

// Is x1 one of -3, 4, 5? Then is x0 (real) not above 2?
constexpr std::string_view by_categories = R"({"kind": "trees", "outputs": 1, "trees": [{"feature": [1, 0, -1, -1, -1], "threshold": [0, 2, 0, 0, 0], "left": [1, 2, -1, -1, -1],
    "right": [4, 3, -1, -1, -1], "categories": [[5, -3, 4], null, null, null, null], "missing_left": [1, 0, 0, 0, 0], "value": [null, null, 1, 2, 3]}]})";

TEST(EstimatorSteps, trees_ask_for_categories_in_integers_too) {
  const std::string reals = file(by_categories, R"({"type": "float32"})", "reals");
  const auto answers = [&](float first, float second) { return answer<float, float>(reals, {first, second})[0]; };
  for (float category : {-3.0F, 4.0F, 4.7F, 5.0F, 5.9F, std::nanf("")}) {
    EXPECT_EQ(answers(2, category), 1) << category;
    EXPECT_EQ(answers(2.5F, category), 2) << category;
  }
  for (float other : {-4.0F, -2.0F, -0.4F, 3.9F, 0.0F, 3.0F, 6.0F, 1e9F, -1e9F}) EXPECT_EQ(answers(2, other), 3) << other;
  const std::string integers = file(by_categories, R"({"type": "int16", "scales": [0.5, 0.3], "zeros": [0, 1]})", "reals");
  EXPECT_EQ((answer<float, int16_t>(integers, {4, 18})), std::vector<float>{1});   // 2, 5.1
  EXPECT_EQ((answer<float, int16_t>(integers, {5, -9})), std::vector<float>{2});   // 2.5, -3
  EXPECT_EQ((answer<float, int16_t>(integers, {4, 21})), std::vector<float>{3});   // 2, 6
}

TEST(EstimatorSteps, categories_are_looked_at) {
  const auto said = [](std::string_view part, std::string_view instead) { return refusal(file(changed(by_categories, part, instead), R"({"type": "float32"})", "reals")); };
  EXPECT_EQ(said("[5, -3, 4]", "[]"), "model.json, steps[0], trees[0], categories[0]: an array of 0");
  EXPECT_EQ(said("[5, -3, 4]", "[99999999]"), "model.json, steps[0], trees[0], categories[0][0]: 99999999");
  EXPECT_EQ(said("4], null, null", "4], null, [1]"), "model.json, steps[0], trees[0], categories[2]: an array of 1");
  EXPECT_EQ(said("4], null, null", "4], null"), "model.json, steps[0], trees[0], categories: an array of 4");
  EXPECT_EQ(said("[1, 0, -1, -1, -1], \"thr", "[7, 0, -1, -1, -1], \"thr"), "model.json, steps[0]: a split by feature 7 of 2");
}

TEST(EstimatorSteps, parts_of_parts_have_a_bottom) {
  const auto levels = [](int count) {
    std::string steps = R"({"kind": "scale", "factors": [2, 3]})";
    for (int level = 0; level < count; ++level) steps = fmt::format(R"({{"kind": "parts", "parts": [{{"result": "features", "steps": [{}]}}]}})", steps);
    return file(steps + R"(, {"kind": "features"})", R"({"type": "float32"})", "reals");
  };
  EXPECT_EQ((answer<float, float>(levels(8), {5, 3})), (std::vector<float>{10, 9}));
  EXPECT_NE(refusal(levels(9)).find("parts[0], steps[0]: an object of"), std::string::npos) << refusal(levels(9));
  EXPECT_NE(refusal(levels(2000)), "accepted");
}

// More than one concatenation takes.
TEST(EstimatorSteps, parts_may_be_many) {
  std::string many;
  std::vector<float> expected;
  for (int part = 0; part < 300; ++part) {
    many += fmt::format(R"({}{{"result": "reals", "steps": [{{"kind": "linear", "weights": [[1, {}]], "bias": [0]}}]}})", part == 0 ? "" : ", ", part);
    expected.push_back(static_cast<float>(5 + 3 * part));
  }
  EXPECT_EQ((answer<float, float>(file(fmt::format(R"({{"kind": "parts", "parts": [{}]}}, {{"kind": "features"}})", many), R"({"type": "float32"})", "reals"), {5, 3})), expected);
}

TEST(EstimatorSteps, say_what_is_wrong_and_where) {
  EXPECT_EQ(refusal(file(R"({"kind": "magic"})")), "model.json, steps[0], kind: \"magic\"");
  EXPECT_EQ(refusal(file(fmt::format("{}, {}", machine, machine))), "model.json, steps[0], kind: \"kernel_machine\"");
  EXPECT_EQ(refusal(file(R"({"kind": "scale", "factors": [1]}, {})")), "model.json, steps[0], factors: an array of 1");
  EXPECT_EQ(refusal(file(changed(machine, "[0, 2]", "[0]"))), "model.json, steps[0], vectors[1]: an array of 1");
  EXPECT_EQ(refusal(file(changed(pairs, "[1, 1, 1]", "[1, 1, 9]"))), "model.json, steps[0], counts: an array of 3");
  EXPECT_EQ(refusal(file(changed(machine, "[[1], [-1]]", "[[1], [1e99]]"))), "model.json, steps[0]: a vector, coefficient or bias of 1e+99");
}

TEST(EstimatorSteps, no_damage_goes_unanswered) {
  expect_answered(file(fmt::format("{}, {}", scale, machine), R"({"type": "int8", "scales": [0.1]})"));
  expect_answered(file(pairs));
  expect_answered(file(fmt::format("{}, {}", map, machine), R"({"type": "int16", "scales": [0.1]})"));
  expect_answered(file(R"({"kind": "products", "terms": [[0, 1], [1]]}, {"kind": "power", "method": "box-cox", "exponents": [2, 0], "least": [1, 1], "most": [5, 5]},
    {"kind": "normalize", "norm": "l2"}, {"kind": "impute", "missing": 0, "values": [1, 2]}, {"kind": "features"})", R"({"type": "int8"})", "reals"));
  expect_answered(file(parts, R"({"type": "int8"})", "reals"));
  expect_answered(file(by_categories, R"({"type": "int8"})", "reals"));
  expect_answered(file(features_of_parts, R"({"type": "int8"})", "reals"));
  expect_answered(file(neighbours, R"({"type": "int8"})"));
  expect_answered(file(gaussian, R"({"type": "int16", "scales": [0.1]})"));
}

}  // namespace
}  // namespace whit
