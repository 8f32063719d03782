// SPDX-License-Identifier: Apache-2.0
// From the file's learner to a tree model: objective, what sums begin with, trees.
#include "compiler/importers/xgboost/import.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "compiler/importers/category_tests.hpp"
#include "compiler/importers/json_value.hpp"
#include "compiler/importers/xgboost/document.hpp"
#include "ops/tree_ensemble/tree_model.hpp"
#include "ops/verify.hpp"

namespace whit {

namespace {

constexpr int64_t most_features = 32767, most_outputs = 32767, most_index = INT32_MAX;

struct Objective {
  std::string_view name;
  bool label;     // the model classifies
  bool logistic;  // base_score is a probability, sums are its logits
};

constexpr Objective objectives[] = {
    {"binary:logistic", true, true},   {"binary:logitraw", true, true},     {"multi:softprob", true, false},
    {"multi:softmax", true, false},    {"reg:squarederror", false, false},  {"reg:absoluteerror", false, false},
    {"reg:pseudohubererror", false, false}, {"reg:quantileerror", false, false}, {"reg:linear", false, false},
    {"rank:pairwise", false, false},   {"rank:ndcg", false, false},         {"rank:map", false, false},
};

const Objective &objective_of(const JsonValue &learner) {
  const JsonValue name = learner.member("objective").member("name");
  const std::string text = name.text();
  std::string known;
  for (const Objective &objective : objectives) {
    if (objective.name == text) return objective;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", objective.name);
  }
  name.refuse(known, "train with one of these objectives");
}

// One number, or one an output, in brackets since version 3.
std::vector<double> base_scores(const JsonValue &parameters, int64_t outputs, bool logistic) {
  const JsonValue member = parameters.member("base_score");
  const std::string text = member.text();
  std::vector<double> scores;
  if (text.starts_with("[")) {
    const nlohmann::json list = nlohmann::json::parse(text, nullptr, false);
    if (list.is_discarded()) member.refuse("numbers in brackets");
    scores = JsonValue(list, member.place()).reals();
  } else {
    scores = {member.real()};
  }
  if (scores.size() == 1) scores.resize(static_cast<size_t>(outputs), scores[0]);
  if (static_cast<int64_t>(scores.size()) != outputs) member.refuse(fmt::format("one score, or {}", outputs));
  for (double &score : scores) {
    if (!logistic) continue;
    if (!(score > 0 && score < 1)) member.refuse("probabilities above 0 and below 1", "train with a base_score between them");
    score = std::log(score / (1 - score));
  }
  return scores;
}

// The file's decimals stand for float32 values.
double single(double value) { return static_cast<double>(static_cast<float>(value)); }

void check_single(const JsonValue &tree) {
  const JsonValue parameters = tree.member("tree_param");
  if (parameters.has("size_leaf_vector") && parameters.member("size_leaf_vector").integer(0, most_index) > 1)
    throw UserError({tree.place(), "leaves with several values", "one output a tree", "train with multi_strategy=one_output_per_tree"});
}

// By node that asks for it, the categories that go right.
std::map<size_t, std::vector<int64_t>> category_sets(const JsonValue &tree, size_t nodes) {
  constexpr int64_t most_category = 1 << 24;
  std::map<size_t, std::vector<int64_t>> sets;
  if (!tree.has("categories_nodes") || tree.member("categories_nodes").size() == 0) return sets;
  const std::vector<int64_t> categories = tree.member("categories").integers(0, most_category), askers = tree.member("categories_nodes").integers(0, static_cast<int64_t>(nodes) - 1);
  const auto size = static_cast<int64_t>(categories.size());
  const std::vector<int64_t> begins = tree.member("categories_segments").integers(0, size), counts = tree.member("categories_sizes").integers(0, size);
  if (begins.size() != askers.size() || counts.size() != askers.size()) tree.refuse("categories_segments and categories_sizes of one element for each of categories_nodes");
  int64_t taken = 0;
  for (size_t index = 0; index < askers.size(); ++index) {
    taken += counts[index];
    if (begins[index] + counts[index] > size || taken > size) tree.member("categories_sizes").refuse("segments within the categories that do not overlap");
    std::vector<int64_t> set(categories.begin() + begins[index], categories.begin() + begins[index] + counts[index]);
    std::ranges::sort(set);
    sets[static_cast<size_t>(askers[index])] = std::move(set);
  }
  return sets;
}

ModelTree read_tree(const JsonValue &tree, double weight, CategoryTests &tests) {
  check_single(tree);
  const std::vector<int64_t> left = tree.member("left_children").integers(-1, most_index);
  const std::vector<int64_t> right = tree.member("right_children").integers(-1, most_index);
  const std::vector<int64_t> features = tree.member("split_indices").integers(0, most_index);
  const std::vector<double> conditions = tree.member("split_conditions").reals();
  const JsonValue default_left = tree.member("default_left");
  std::vector<double> cover;
  if (tree.has("sum_hessian")) cover = tree.member("sum_hessian").reals();
  const size_t nodes = left.size();
  if (right.size() != nodes || features.size() != nodes || conditions.size() != nodes || default_left.size() != nodes ||
      (!cover.empty() && cover.size() != nodes))
    tree.refuse("arrays of one element for each node");
  const std::map<size_t, std::vector<int64_t>> sets = category_sets(tree, nodes);
  ModelTree result;
  for (size_t index = 0; index < nodes; ++index) {
    TreeModelNode node{.left = left[index], .right = right[index]};
    if (!cover.empty()) node.cover = cover[index];
    if (left[index] < 0) {
      node.value = {weight * single(conditions[index])};
    } else if (const auto set = sets.find(index); set != sets.end()) {
      node.feature = tests.feature_of({.feature = features[index], .categories = set->second, .missing = !default_left.element(index).boolean()}, tree.place());
      node.threshold = 0.5;
    } else {
      node.feature = features[index];
      node.threshold = single(conditions[index]);
      node.missing_left = default_left.element(index).boolean();
    }
    result.nodes.push_back(std::move(node));
  }
  return result;
}

// The trees of one round of boosting.
size_t trees_of_round(const JsonValue &content, int64_t outputs) {
  int64_t parallel = 1;
  if (content.has("gbtree_model_param") && content.member("gbtree_model_param").has("num_parallel_tree"))
    parallel = std::max<int64_t>(1, content.member("gbtree_model_param").member("num_parallel_tree").integer(0, most_index));
  return static_cast<size_t>(parallel * outputs);
}

// Where training was stopped early, XGBoost's scikit-learn interface predicts with the rounds up to the best; XGBoost's own uses all of them. A file
// says which interface wrote it.
size_t rounds_used(const JsonValue &learner) {
  constexpr size_t all = SIZE_MAX;
  if (!learner.has("attributes")) return all;
  const JsonValue attributes = learner.member("attributes");
  if (!attributes.has("scikit_learn") || !attributes.has("best_iteration")) return all;
  return static_cast<size_t>(attributes.member("best_iteration").integer(0, most_index)) + 1;
}

// The booster's trees, and for dart what each of them weighs.
void read_trees(const JsonValue &booster, size_t rounds, TreeModel &model, CategoryTests &tests) {
  const std::string name = booster.member("name").text();
  const bool dart = name == "dart";
  if (!dart && name != "gbtree") booster.member("name").refuse("gbtree, dart", "train with booster='gbtree'");
  const JsonValue content = dart ? booster.member("gbtree").member("model") : booster.member("model");
  const JsonValue trees = content.member("trees");
  const std::vector<int64_t> groups = content.member("tree_info").integers(0, most_outputs);
  std::vector<double> weights(trees.size(), 1.0);
  if (dart) weights = booster.member("weight_drop").reals();
  if (groups.size() != trees.size() || weights.size() != trees.size()) content.refuse(fmt::format("tree_info and weights of {} trees", trees.size()));
  const size_t each = trees_of_round(content, model.outputs);
  const size_t used = rounds > trees.size() / each ? trees.size() : rounds * each;
  for (size_t index = 0; index < used; ++index) {
    model.trees.push_back(read_tree(trees.element(index), weights[index], tests));
    model.trees.back().output = groups[index];
  }
}

}  // namespace

Module import_xgboost(std::span<const uint8_t> bytes, std::string_view place) {
  const nlohmann::json document = xgboost_document(bytes, std::string(place));
  const JsonValue learner = JsonValue(document, std::string(place)).member("learner");
  const Objective &objective = objective_of(learner);
  const JsonValue parameters = learner.member("learner_model_param");
  TreeModel model{.features = parameters.member("num_feature").integer(1, most_features), .below = true};
  const int64_t classes = parameters.member("num_class").integer(0, most_outputs);
  const int64_t targets = parameters.has("num_target") ? parameters.member("num_target").integer(0, most_outputs) : 1;
  model.outputs = std::max<int64_t>(1, classes) * std::max<int64_t>(1, targets);
  if (model.outputs > most_outputs || (objective.label && targets > 1))
    parameters.refuse(fmt::format("classes of one target, or up to {} targets", most_outputs), "train a model for each target");
  model.base = base_scores(parameters, model.outputs, objective.logistic);
  CategoryTests tests(model.features);
  read_trees(learner.member("gradient_booster"), rounds_used(learner), model, tests);
  Module module{.graphs = {tests.graph(std::move(model), {.result = objective.label ? "label" : "reals"}, std::string(place))}};
  verify_import(module);
  return module;
}

}  // namespace whit
