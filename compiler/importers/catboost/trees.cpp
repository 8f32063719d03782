// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/catboost/trees.hpp"

#include <algorithm>

namespace whit {

namespace {

constexpr int64_t most_features = 32767;
constexpr size_t most_levels = 16, most_nesting = 512, most_nodes = size_t{1} << 22;

// The questions of a split, each "not above the threshold goes left": one for a number; for a category two, since equal is
// neither below nor above.
struct Split {
  int64_t feature = 0;
  double threshold = 0;
  bool missing_left = true;
  bool is_category = false;  // threshold: the category's place
  bool inverted = false;     // above the threshold is no
};

// One of a set of categories.
Split category_set(const JsonValue &split, CatboostReader &reader) {
  const CatboostCategorySet &set = reader.statistics.set_of(split);
  if (static_cast<size_t>(set.feature) >= reader.features.categories.size()) split.refuse("features that there are");
  const CatboostFeatures::Category &category = reader.features.categories[static_cast<size_t>(set.feature)];
  if (!category.values.empty()) split.refuse("features that are compared, or have statistics", "train with one_hot_max_size=1, or as large as the categories are many");
  return {.feature = reader.tests.feature_of({.feature = category.position, .categories = set.places}, split.place()), .threshold = 0.5, .inverted = set.inverted};
}

Split read_split(const JsonValue &split, CatboostReader &reader) {
  const CatboostFeatures &features = reader.features;
  const JsonValue type = split.member("split_type");
  if (type.text() == "FloatFeature") {
    if (features.numbers.empty()) split.refuse("features that there are");
    const auto index = static_cast<size_t>(split.member("float_feature_index").integer(0, static_cast<int64_t>(features.numbers.size()) - 1));
    const auto border = static_cast<double>(static_cast<float>(split.member("border").real()));
    return {.feature = features.numbers[index].position, .threshold = border, .missing_left = features.numbers[index].missing_left};
  }
  if (type.text() == "OnlineCtr") return category_set(split, reader);
  if (type.text() != "OneHotFeature") type.refuse("FloatFeature, OneHotFeature, OnlineCtr", "train on numbers and categories");
  if (features.categories.empty()) split.refuse("features that there are");
  const auto index = static_cast<size_t>(split.member("cat_feature_index").integer(0, static_cast<int64_t>(features.categories.size()) - 1));
  const CatboostFeatures::Category &category = features.categories[index];
  const int64_t value = split.member("value").integer(INT64_MIN, INT64_MAX);
  const auto found = std::find(category.values.begin(), category.values.end(), value);
  if (found == category.values.end()) split.member("value").refuse("one of the feature's values");
  return {.feature = category.position, .threshold = static_cast<double>(found - category.values.begin()), .is_category = true};
}

// Builds a tree from questions with an answer each: `no` and `yes` add what follows.
class Builder {
 public:
  Builder(const JsonValue &place, ModelTree &tree) : place_(place), tree_(tree) {}

  template <typename No, typename Yes>
  int64_t ask(const Split &split, No no, Yes yes) {
    if (split.inverted) return branch(split, split.threshold, yes, no);
    if (!split.is_category) return branch(split, split.threshold, no, yes);
    const auto not_above = [&] { return branch(split, split.threshold - 0.5, no, yes); };
    return branch(split, split.threshold + 0.5, not_above, no);
  }

  int64_t leaf(std::vector<double> value, double cover) {
    const int64_t node = take();
    tree_.nodes[static_cast<size_t>(node)].value = std::move(value);
    tree_.nodes[static_cast<size_t>(node)].cover = cover;
    return node;
  }

 private:
  int64_t take() {
    if (tree_.nodes.size() >= most_nodes) place_.refuse(fmt::format("up to {} nodes", most_nodes), "train shallower trees");
    tree_.nodes.emplace_back();
    return static_cast<int64_t>(tree_.nodes.size()) - 1;
  }

  template <typename Left, typename Right>
  int64_t branch(const Split &split, double threshold, Left left, Right right) {
    const int64_t node = take();
    const int64_t left_node = left(), right_node = right();
    TreeModelNode &made = tree_.nodes[static_cast<size_t>(node)];
    made.feature = split.feature;
    made.threshold = threshold;
    made.missing_left = split.missing_left;
    made.left = left_node;
    made.right = right_node;
    made.cover = tree_.nodes[static_cast<size_t>(left_node)].cover + tree_.nodes[static_cast<size_t>(right_node)].cover;
    return node;
  }

  const JsonValue &place_;
  ModelTree &tree_;
};

std::vector<double> scaled(std::vector<double> values, double scale) {
  for (double &value : values) value *= scale;
  return values;
}

struct Symmetric {
  size_t outputs;
  std::vector<Split> splits{};
  std::vector<double> values{}, weights{};

  // The part of the tree below the levels whose answers are the low bits of `leaf`.
  int64_t below(Builder &builder, size_t level, size_t leaf) const {
    if (level < splits.size()) {
      const auto no = [&] { return below(builder, level + 1, leaf); };
      const auto yes = [&] { return below(builder, level + 1, leaf | size_t{1} << level); };
      return builder.ask(splits[level], no, yes);
    }
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(leaf * outputs);
    return builder.leaf({begin, begin + static_cast<std::ptrdiff_t>(outputs)}, weights.empty() ? 0 : weights[leaf]);
  }
};

std::vector<double> leaf_values(const JsonValue &value, int64_t outputs, double scale) {
  std::vector<double> values = value.array() ? value.reals() : std::vector<double>{value.real()};
  if (static_cast<int64_t>(values.size()) != outputs) value.refuse(fmt::format("{} values, one an output", outputs));
  return scaled(std::move(values), scale);
}

int64_t add_nested(Builder &builder, const JsonValue &node, CatboostReader &reader, double scale, int64_t outputs, size_t depth) {
  if (depth > most_nesting) node.refuse(fmt::format("up to {} levels", most_nesting), "train shallower trees");
  if (!node.has("split")) return builder.leaf(leaf_values(node.member("value"), outputs, scale), node.has("weight") ? node.member("weight").real() : 0);
  const Split split = read_split(node.member("split"), reader);
  const auto part = [&](const char *side) { return [&, side] { return add_nested(builder, node.member(side), reader, scale, outputs, depth + 1); }; };
  return builder.ask(split, part("left"), part("right"));
}

int64_t place_of(const JsonValue &feature, CatboostFeatures &features) {
  const int64_t position = feature.member("flat_feature_index").integer(0, most_features - 1);
  features.count = std::max(features.count, position + 1);
  return position;
}

}  // namespace

CatboostFeatures read_catboost_features(const JsonValue &info) {
  CatboostFeatures features;
  for (const char *kind : {"text_features", "embedding_features"})
    if (info.has(kind) && info.member(kind).size() > 0) info.member(kind).refuse("numbers and categories as features", "train without texts and embeddings");
  if (info.has("float_features")) {
    const JsonValue list = info.member("float_features");
    for (size_t index = 0; index < list.size(); ++index) {
      const JsonValue feature = list.element(index);
      const bool missing_right = feature.has("nan_value_treatment") && feature.member("nan_value_treatment").text() == "AsTrue";
      features.numbers.push_back({place_of(feature, features), !missing_right});
    }
  }
  if (info.has("categorical_features")) {
    const JsonValue list = info.member("categorical_features");
    for (size_t index = 0; index < list.size(); ++index) {
      const JsonValue feature = list.element(index);
      std::vector<int64_t> values;
      if (feature.has("values")) values = feature.member("values").integers(INT64_MIN, INT64_MAX);
      features.categories.push_back({place_of(feature, features), std::move(values)});
    }
  }
  if (features.count == 0) info.refuse("at least one feature");
  return features;
}

void add_symmetric_tree(const JsonValue &tree, CatboostReader &reader, double scale, TreeModel &model) {
  Symmetric symmetric{.outputs = static_cast<size_t>(model.outputs)};
  const JsonValue splits = tree.member("splits");
  const size_t levels = splits.null() ? 0 : splits.size();
  if (levels > most_levels) splits.refuse(fmt::format("up to {} splits", most_levels));
  for (size_t level = 0; level < levels; ++level) symmetric.splits.push_back(read_split(splits.element(level), reader));
  const size_t leaves = size_t{1} << levels;
  symmetric.values = scaled(tree.member("leaf_values").reals(), scale);
  if (symmetric.values.size() != leaves * symmetric.outputs) tree.member("leaf_values").refuse(fmt::format("{} values", leaves * symmetric.outputs));
  if (tree.has("leaf_weights")) symmetric.weights = tree.member("leaf_weights").reals();
  if (!symmetric.weights.empty() && symmetric.weights.size() != leaves) tree.member("leaf_weights").refuse(fmt::format("{} values", leaves));
  Builder builder(tree, model.trees.emplace_back());
  symmetric.below(builder, 0, 0);
}

void add_nested_tree(const JsonValue &tree, CatboostReader &reader, double scale, TreeModel &model) {
  Builder builder(tree, model.trees.emplace_back());
  add_nested(builder, tree, reader, scale, model.outputs, 0);
}

}  // namespace whit
