// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/category_tests.hpp"

#include <cmath>
#include <limits>

#include "ops/map_features/map_features.hpp"

namespace whit {

namespace {

constexpr int64_t most_features = 32767;
constexpr size_t most_categories = 1 << 22;
// Below all categories; not-a-number takes the first knot's value.
constexpr double for_missing = -3.4e38, for_numbers = -3.3e38;

void add_steps(FeatureMap &map, const CategoryTest &test) {
  for (const CategoryStep &step : steps_of(test, for_missing, for_numbers, 0)) {
    const bool from_minus_one = test.above_minus_one && step.place == 0 && step.yes;  // where category 0 begins
    map.places.push_back(from_minus_one ? static_cast<double>(std::nextafter(-1.0F, 0.0F)) : step.place);
    map.values.push_back(step.yes ? 1 : 0);
  }
  map.sources.push_back(static_cast<int16_t>(test.feature));
  map.ends.push_back(static_cast<int32_t>(map.places.size()));
}

}  // namespace

std::vector<CategoryStep> steps_of(const CategoryTest &test, double missing_at, double numbers_at, double early) {
  std::vector<CategoryStep> steps{{missing_at, test.missing}, {numbers_at, false}};
  const std::vector<int64_t> &categories = test.categories;
  for (size_t index = 0; index < categories.size(); ++index) {
    const double category = static_cast<double>(categories[index]) - early;
    if (index == 0 || categories[index - 1] + 1 != categories[index]) steps.push_back({category, true});
    if (index + 1 == categories.size() || categories[index + 1] != categories[index] + 1) steps.push_back({category + 1, false});
  }
  return steps;
}

int64_t CategoryTests::columns(const std::string &place) const {
  const int64_t count = features_ + static_cast<int64_t>(numbers_.size());
  if (count > most_features)
    throw UserError({place, fmt::format("{} features with {} different sets of categories", features_, numbers_.size()), fmt::format("up to {} in all", most_features),
                     "train with fewer trees, or one-hot encoded categories"});
  return count;
}

int64_t CategoryTests::feature_of(CategoryTest test, const std::string &place) {
  const size_t count = test.categories.size();
  const auto [entry, is_new] = numbers_.try_emplace(std::move(test), static_cast<int64_t>(numbers_.size()));
  if (is_new) categories_ += count;
  if (categories_ > most_categories)
    throw UserError({place, "splits by sets of more than " + std::to_string(most_categories) + " categories in all", "what a microcontroller's memory holds",
                     "train with fewer trees, or with fewer categories"});
  return first_answer + entry->second;
}

std::vector<const CategoryTest *> CategoryTests::tests() const {
  std::vector<const CategoryTest *> ordered(numbers_.size());
  for (const auto &[test, number] : numbers_) ordered[static_cast<size_t>(number)] = &test;
  return ordered;
}

TensorId CategoryTests::add_answers(Graph &graph, TensorId data, const std::string &place) const {
  FeatureMap map;
  for (const CategoryTest *test : tests()) add_steps(map, *test);
  return add_map_features(graph, data, map, place);
}

// Splits get the numbers of the features that answer them.
void CategoryTests::place_answers(TreeModel &model, const std::string &place) const {
  const auto refuse = [&](int64_t feature) {
    throw UserError({place, fmt::format("a split by feature {} of {}", feature, features_), "features that the model has", "the model file may be damaged"});
  };
  for (const auto &[test, number] : numbers_)
    if (test.feature < 0 || test.feature >= features_) refuse(test.feature);
  for (ModelTree &tree : model.trees)
    for (TreeModelNode &node : tree.nodes) {
      if (node.feature >= first_answer)
        node.feature += features_ - first_answer;
      else if (node.feature >= features_)
        refuse(node.feature);
    }
}

Graph CategoryTests::graph(TreeModel model, const TreeModelOptions &options, const std::string &place) const {
  if (empty()) return tree_model_graph(std::move(model), options, place);
  model.features = columns(place);
  place_answers(model, place);
  Problems problems;
  check_tree_model(model, place, problems);
  problems.throw_if_any();
  Graph graph{.name = "trees"};
  const TensorId data = graph.add_tensor({.name = "features", .type = ElementType::float32, .shape = {1, features_}});
  graph.inputs = {data};
  const TensorId all = graph.add_tensor({.name = "with categories", .type = ElementType::float32, .shape = {1, model.features}});
  const TensorId answers = add_answers(graph, data, place);
  graph.nodes.push_back({.op = "concatenation", .inputs = {data, answers}, .outputs = {all}, .attributes = {{"axis", int64_t{1}}}, .origin = place});
  graph.outputs = {add_tree_ensemble(graph, all, tree_ensemble_from(std::move(model), options), place)};
  return graph;
}

}  // namespace whit
