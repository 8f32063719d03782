// SPDX-License-Identifier: Apache-2.0
// Trees as scikit-learn keeps them: arrays over the nodes of each tree.
#include <algorithm>

#include "compiler/importers/category_tests.hpp"
#include "compiler/importers/estimator/steps.hpp"
#include "ops/tree_ensemble/tree_model.hpp"

namespace whit {

namespace {

constexpr int64_t most_outputs = 32767;
constexpr int64_t most_index = INT32_MAX;

// One array of a tree; absent ones stay at their default.
std::vector<double> column(const JsonValue &tree, std::string_view name, size_t nodes) {
  if (!tree.has(name)) return {};
  const JsonValue member = tree.member(name);
  if (member.size() != nodes) member.refuse(fmt::format("an array of {}, one for each node", nodes));
  return member.reals();
}

std::vector<double> leaf_value(const JsonValue &value) {
  return value.array() ? value.reals() : std::vector<double>{value.real()};
}

// Left where the answer is yes, which is 1: above the threshold, so the sides are exchanged.
void take_categories(TreeModelNode &node, const JsonValue &categories, CategoryTests &tests) {
  constexpr int64_t farthest = 1 << 24;  // float32 tells all whole numbers up to it apart
  if (node.leaf()) categories.refuse("categories of splits alone", see_the_format);
  CategoryTest test{.feature = node.feature, .categories = categories.integers(-farthest, farthest), .missing = node.missing_left};
  std::ranges::sort(test.categories);
  test.categories.erase(std::unique(test.categories.begin(), test.categories.end()), test.categories.end());
  if (test.categories.empty()) categories.refuse("one category or more", see_the_format);
  node.feature = tests.feature_of(std::move(test), categories.place());
  node.threshold = 0.5;
  std::swap(node.left, node.right);
}

// Stored numbers ask for the nearest category, real ones lose their fraction.
MapKnots knots_of(const CategoryTest &test, bool stored) {
  constexpr double for_missing = -1e30, for_numbers = -9e29;  // not-a-number takes the first knot's value
  MapKnots knots;
  for (const CategoryStep &step : steps_of(test, for_missing, for_numbers, stored ? 0.5 : 0)) {
    knots.places.push_back(step.place);
    knots.values.push_back(step.yes ? 1 : 0);
  }
  return knots;
}

// The features, and behind them the answers to the questions.
Sample with_answers(Graph &graph, const JsonValue &step, const Sample &sample, const CategoryTests &tests) {
  tests.columns(step.place());  // not too many
  std::vector<MapOutput> outputs;
  for (const CategoryTest *test : tests.tests()) {
    if (test->feature >= sample.count) step.refuse(fmt::format("categories of the {} features that there are", sample.count), see_the_format);
    outputs.push_back({test->feature, knots_of(*test, sample.integers())});
  }
  return features_side_by_side(graph, step, {sample, mapped_sample(graph, step, sample, outputs, false)});
}

ModelTree read_tree(const JsonValue &tree, CategoryTests &tests) {
  const std::vector<int64_t> features = tree.member("feature").integers(-1, most_index);
  const std::vector<int64_t> left = tree.member("left").integers(-1, most_index), right = tree.member("right").integers(-1, most_index);
  const std::vector<double> thresholds = column(tree, "threshold", features.size());
  const std::vector<double> missing_left = column(tree, "missing_left", features.size());
  const std::vector<double> cover = column(tree, "cover", features.size());
  const JsonValue values = tree.member("value");
  if (left.size() != features.size() || right.size() != features.size() || thresholds.size() != features.size() ||
      values.size() != features.size())
    tree.refuse("arrays feature, threshold, left, right, value of the same length");
  if (tree.has("categories") && tree.member("categories").size() != features.size()) tree.member("categories").refuse(fmt::format("an array of {}, one for each node", features.size()));
  ModelTree result;
  for (size_t index = 0; index < features.size(); ++index) {
    TreeModelNode node{.feature = features[index], .threshold = thresholds[index], .left = left[index], .right = right[index]};
    if (!missing_left.empty()) node.missing_left = missing_left[index] != 0;
    if (!cover.empty()) node.cover = cover[index];
    if (node.leaf()) node.value = leaf_value(values.element(index));
    if (tree.has("categories") && !tree.member("categories").element(index).null()) take_categories(node, tree.member("categories").element(index), tests);
    result.nodes.push_back(std::move(node));
  }
  if (tree.has("output")) result.output = tree.member("output").integer(0, most_outputs);
  return result;
}

// Thresholds for what is stored instead of what it stands for; the operator takes scales of integers itself. A feature
// that falls as the stored value rises would turn its splits around: scalers have no such factors.
void take_thresholds(ModelTree &tree, const Sample &sample) {
  for (TreeModelNode &node : tree.nodes) {
    if (node.leaf()) continue;
    const auto feature = static_cast<size_t>(node.feature);
    node.threshold -= sample.offset(feature);
    if (!sample.integers()) node.threshold /= sample.scale(feature);
  }
}

TreeModelOptions options_of(const JsonValue &step, const Sample &sample, const std::string &result) {
  TreeModelOptions options{.type = sample.type, .scales = sample.integers() ? sample.scales : std::vector<double>{}, .result = result};
  constexpr int64_t most_levels = 1 << 23;
  if (step.has("leaf_levels")) options.leaf_levels = step.member("leaf_levels").integer(0, most_levels);
  if (step.has("prune")) options.prune = step.member("prune").real();
  if (!(options.prune >= 0 && options.prune < 1)) step.member("prune").refuse("a fraction, 0 or more and below 1", see_the_format);
  return options;
}

}  // namespace

TensorId import_trees(Graph &graph, const JsonValue &step, const Sample &given, const std::string &result) {
  TreeModel model;
  model.outputs = step.member("outputs").integer(1, most_outputs);
  if (step.has("below")) model.below = step.member("below").boolean();
  if (step.has("base")) model.base = step.member("base").reals();
  if (!model.base.empty() && static_cast<int64_t>(model.base.size()) != model.outputs)
    step.member("base").refuse(fmt::format("{} values, one an output", model.outputs));
  for (double scale : given.scales)
    if (!(scale > 0)) step.refuse("features with scales above 0 before trees", "scale features by factors above 0");
  const JsonValue trees = step.member("trees");
  CategoryTests tests(given.count);
  for (size_t index = 0; index < trees.size(); ++index) model.trees.push_back(read_tree(trees.element(index), tests));
  if (!tests.empty()) tests.place_answers(model, step.place());
  const Sample sample = tests.empty() ? given : with_answers(graph, step, given, tests);
  model.features = sample.count;
  Problems problems;
  check_tree_model(model, step.place(), problems);
  problems.throw_if_any();
  for (ModelTree &tree : model.trees) take_thresholds(tree, sample);
  const TreeEnsemble ensemble = tree_ensemble_from(std::move(model), options_of(step, sample, result));
  Quantization scores;
  if (ensemble.result == "scores") scores = {.scales = {static_cast<float>(ensemble.scale)}, .zero_points = {0}};
  return add_tree_ensemble(graph, sample.tensor, ensemble, step.place(), scores);
}

}  // namespace whit
