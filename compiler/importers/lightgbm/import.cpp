// SPDX-License-Identifier: Apache-2.0
// From LightGBM's sections to a tree model: objective, trees, where missing values go.
#include "compiler/importers/lightgbm/import.hpp"

#include <algorithm>
#include <cmath>

#include "compiler/base/error.hpp"
#include "compiler/importers/category_tests.hpp"
#include "compiler/importers/lightgbm/sections.hpp"
#include "ops/tree_ensemble/tree_model.hpp"
#include "ops/verify.hpp"

namespace whit {

namespace {

constexpr int64_t most_features = 32767, most_outputs = 32767, most_leaves = 1 << 24;

// Bits of decision_type.
constexpr int64_t categorical = 1, default_left = 2;
enum MissingType { missing_none, missing_zero, missing_nan };

struct Objective {
  std::string_view name;
  bool label;
};

constexpr Objective objectives[] = {{"binary", true},         {"multiclass", true}, {"multiclassova", true}, {"regression", false},
                                    {"regression_l1", false}, {"huber", false},     {"fair", false},         {"quantile", false},
                                    {"mape", false},          {"lambdarank", false}, {"rank_xendcg", false}};

const Objective &objective_of(const LightgbmSection &header) {
  const std::string_view text = header.text("objective");
  const std::string_view name = text.substr(0, text.find(' '));
  std::string known;
  for (const Objective &objective : objectives) {
    if (objective.name == name && text.find("sqrt") == std::string_view::npos) return objective;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", objective.name);
  }
  header.refuse("objective", '"' + std::string(text) + '"', known, "train with one of these objectives, without reg_sqrt");
}

// LightGBM takes a missing value for 0 where training had none, and 0 for missing where it was told so.
bool missing_goes_left(const LightgbmSection &section, int64_t decision, double threshold) {
  const bool left = (decision & default_left) != 0, zero_left = 0 <= threshold;
  const int64_t type = decision >> 2 & 3;
  if (type == missing_none) return zero_left;
  if (type == missing_zero && left != zero_left)
    section.refuse("decision_type", "zeros that count as missing", "missing values as NaN, or none", "train with zero_as_missing=false");
  return left;
}

// The categories of each categorical split, as sets of bits: those that go left.
class CategorySets {
 public:
  explicit CategorySets(const LightgbmSection &section) : section_(section) {
    const int64_t count = section.has("num_cat") ? section.integer("num_cat", 0, most_leaves) : 0;
    if (count == 0) return;
    boundaries_ = section.integers("cat_boundaries", static_cast<size_t>(count) + 1, 0, most_words);
    if (boundaries_.front() != 0 || !std::ranges::is_sorted(boundaries_)) section.refuse("cat_boundaries", "boundaries that fall", "boundaries that rise from 0");
    words_ = section.integers("cat_threshold", static_cast<size_t>(boundaries_.back()), 0, UINT32_MAX);
  }

  std::vector<int64_t> set(double threshold) const {
    if (!(threshold >= 0 && threshold + 1 < static_cast<double>(boundaries_.size()))) section_.refuse("threshold", fmt::format("set {} of categories", threshold), "sets that there are");
    const auto index = static_cast<size_t>(threshold);
    std::vector<int64_t> categories;
    for (int64_t word = boundaries_[index]; word < boundaries_[index + 1]; ++word)
      for (int64_t bit = 0; bit < 32; ++bit)
        if ((words_.at(static_cast<size_t>(word)) >> bit & 1) != 0) categories.push_back((word - boundaries_[index]) * 32 + bit);
    return categories;
  }

 private:
  static constexpr int64_t most_words = 1 << 19;  // 2^24 categories
  const LightgbmSection &section_;
  std::vector<int64_t> boundaries_{}, words_{};
};

// What a split by a set of categories asks; all else goes right, missing values too.
TreeModelNode category_split(int64_t feature, std::vector<int64_t> categories, CategoryTests &tests, const std::string &place) {
  const int64_t answer = tests.feature_of({.feature = feature, .categories = std::move(categories), .above_minus_one = true}, place);
  return {.feature = answer, .threshold = 0.5};
}

// LightGBM compares float64 numbers: the nearest float32 is the threshold with which values of training and means of two, that lie at one,
// go its way as float32 numbers. A mean of two neighbouring float32 numbers stays between them.
double threshold_of_singles(double threshold) {
  constexpr double half_way = 1e-6;
  const auto nearest = static_cast<float>(std::clamp(threshold, -3e38, 3e38));
  const float below = static_cast<double>(nearest) <= threshold ? nearest : std::nextafter(nearest, -INFINITY);
  const double step = static_cast<double>(std::nextafter(below, INFINITY)) - static_cast<double>(below);
  return std::abs((threshold - static_cast<double>(below)) / step - 0.5) > half_way ? static_cast<double>(nearest) : threshold;
}

// Splits first, then leaves.
ModelTree read_tree(const LightgbmSection &section, CategoryTests &tests) {
  const int64_t leaves = section.integer("num_leaves", 1, most_leaves), splits = leaves - 1;
  if (section.has("is_linear") && section.integer("is_linear", 0, 1) != 0) section.refuse("is_linear", "linear leaves", "constant leaves", "train with linear_tree=false");
  const CategorySets sets(section);
  const std::vector<double> values = section.reals("leaf_value", static_cast<size_t>(leaves));
  ModelTree tree;
  std::vector<double> covers, inner_covers;
  if (section.has("leaf_count") && splits > 0) {
    covers = section.reals("leaf_count", values.size());
    inner_covers = section.reals("internal_count", values.size() - 1);
  }
  if (splits > 0) {
    const size_t count = static_cast<size_t>(splits);
    const std::vector<int64_t> features = section.integers("split_feature", count, 0, INT32_MAX);
    const std::vector<double> thresholds = section.reals("threshold", count);
    const std::vector<int64_t> decisions = section.integers("decision_type", count, 0, 15);
    const std::vector<int64_t> left = section.integers("left_child", count, -leaves, splits - 1);
    const std::vector<int64_t> right = section.integers("right_child", count, -leaves, splits - 1);
    const auto child = [&](int64_t number) { return number < 0 ? splits + (-number - 1) : number; };
    for (size_t index = 0; index < count; ++index) {
      const bool by_category = (decisions[index] & categorical) != 0;
      TreeModelNode node = by_category ? category_split(features[index], sets.set(thresholds[index]), tests, section.place())
                                       : TreeModelNode{.feature = features[index], .threshold = threshold_of_singles(thresholds[index]),
                                                       .missing_left = missing_goes_left(section, decisions[index], thresholds[index])};
      node.left = child(by_category ? right[index] : left[index]);
      node.right = child(by_category ? left[index] : right[index]);
      node.cover = inner_covers.empty() ? 0 : inner_covers[index];
      tree.nodes.push_back(std::move(node));
    }
  }
  for (size_t index = 0; index < values.size(); ++index)
    tree.nodes.push_back({.cover = covers.empty() ? 0 : covers[index], .value = {values[index]}});
  return tree;
}

// A forest's trees are averaged.
void divide_leaves(TreeModel &model, double by) {
  for (ModelTree &tree : model.trees)
    for (TreeModelNode &node : tree.nodes)
      for (double &value : node.value) value /= by;
}

}  // namespace

bool is_lightgbm(std::span<const uint8_t> bytes) {
  const std::string_view begin(reinterpret_cast<const char *>(bytes.data()), std::min<size_t>(bytes.size(), 100));
  return begin.starts_with("tree\n") || begin.starts_with("tree\r\n");
}

Module import_lightgbm(std::span<const uint8_t> bytes, std::string_view place) {
  const std::vector<LightgbmSection> sections = lightgbm_sections(bytes, place);
  const LightgbmSection &header = sections[0];
  const Objective &objective = objective_of(header);
  TreeModel model{.features = header.integer("max_feature_idx", 0, most_features - 1) + 1};
  model.outputs = header.integer("num_tree_per_iteration", 1, most_outputs);
  CategoryTests tests(model.features);
  for (size_t index = 1; index < sections.size(); ++index) {
    model.trees.push_back(read_tree(sections[index], tests));
    model.trees.back().output = static_cast<int64_t>(index - 1) % model.outputs;
  }
  if (header.has("average_output"))
    divide_leaves(model, static_cast<double>(model.trees.size()) / static_cast<double>(model.outputs));
  Module module{.graphs = {tests.graph(std::move(model), {.result = objective.label ? "label" : "reals"}, std::string(place))}};
  verify_import(module);
  return module;
}

}  // namespace whit
