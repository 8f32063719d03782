// SPDX-License-Identifier: Apache-2.0
// From real numbers to integers: thresholds to the last stored value that still goes left, leaves to levels.
#define WHIT_HOST
#include "ops/tree_ensemble/tree_model.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <limits>
#include <map>

#include "device/core/ordered_bits.hpp"

namespace whit {

namespace {

constexpr double most_sum = 1 << 28;    // of magnitudes: rounding cannot bring it over what the operator takes
constexpr int64_t most_leaf = 1 << 23;  // finer than float32 needs
constexpr int64_t most_votes = 255;  // that one leaf gives
constexpr int64_t most_units = 64;    // looked at one by one
constexpr double one_unit_within = 16;  // sizes of outputs that share a unit
constexpr int64_t share_levels = 127, margin_levels = 1023, score_levels = 32767;

class TreeCheck {
 public:
  TreeCheck(const TreeModel &model, size_t tree, std::string place)
      : model_(model), tree_(model.trees[tree]), place_(fmt::format("{}, tree {}", place, tree)) {}

  bool run(size_t width, Problems &problems) {
    if (tree_.output < 0 || tree_.output >= model_.outputs)
      return refuse(problems, fmt::format("adds to output {} of {}", tree_.output, model_.outputs), "outputs that exist");
    if (tree_.nodes.empty()) return refuse(problems, "no nodes", "one node or more");
    std::vector<bool> seen(tree_.nodes.size());
    std::vector<int64_t> open{0};
    while (!open.empty()) {
      const int64_t index = open.back();
      open.pop_back();
      if (index < 0 || static_cast<size_t>(index) >= tree_.nodes.size())
        return refuse(problems, fmt::format("a child {} of {} nodes", index, tree_.nodes.size()), "children that exist");
      if (seen[static_cast<size_t>(index)])
        return refuse(problems, fmt::format("node {} is reached twice", index), "trees: one way to each node");
      seen[static_cast<size_t>(index)] = true;
      const TreeModelNode &node = tree_.nodes[static_cast<size_t>(index)];
      if (!check_node(node, index, width, problems)) return false;
      if (!node.leaf()) open.insert(open.end(), {node.right, node.left});
    }
    return true;
  }

 private:
  bool refuse(Problems &problems, std::string found, std::string supported) {
    problems.add({place_, std::move(found), std::move(supported), "the model file may be damaged"});
    return false;
  }

  bool check_node(const TreeModelNode &node, int64_t index, size_t width, Problems &problems) {
    if (!node.leaf()) {
      if (node.feature >= model_.features)
        return refuse(problems, fmt::format("node {} tests feature {} of {}", index, node.feature, model_.features), "features that the model has");
      if (std::isnan(node.threshold)) return refuse(problems, fmt::format("node {} has no number as its threshold", index), "numbers");
      return true;
    }
    if (node.value.size() != width)
      return refuse(problems, fmt::format("node {} has {} values", index, node.value.size()), fmt::format("{} in each leaf", width));
    for (double value : node.value)
      if (!std::isfinite(value)) return refuse(problems, fmt::format("node {} has the value {}", index, value), "finite numbers");
    return true;
  }

  const TreeModel &model_;
  const ModelTree &tree_;
  std::string place_;
};

size_t leaf_width(const TreeModel &model) {
  for (const ModelTree &tree : model.trees)
    for (const TreeModelNode &node : tree.nodes)
      if (node.leaf()) return node.value.size();
  return 1;
}

// The largest float32 that goes left.
int32_t float_limit(double threshold, bool below) {
  if (threshold >= std::numeric_limits<float>::infinity()) return tree_key(below ? FLT_MAX : std::numeric_limits<float>::infinity(), 0);
  if (threshold > FLT_MAX) return tree_key(FLT_MAX, 0);
  if (threshold < -FLT_MAX) return tree_key(-std::numeric_limits<float>::infinity(), 0) - (below && std::isinf(threshold) ? 1 : 0);
  auto limit = static_cast<float>(threshold);
  if (limit > threshold || (below && limit == threshold)) limit = std::nextafter(limit, -std::numeric_limits<float>::infinity());
  return tree_key(limit == 0.0F ? 0.0F : limit, 0);
}

// Of a single tree only each leaf's class counts, the first of equals.
void decide_leaves(TreeModel &model) {
  for (TreeModelNode &node : model.trees[0].nodes) {
    if (node.value.size() < 2) continue;
    for (size_t i = 0; i < node.value.size(); ++i) node.value[i] += model.base[i];
    const auto best = std::max_element(node.value.begin(), node.value.end()) - node.value.begin();
    std::fill(node.value.begin(), node.value.end(), 0.0);
    node.value[static_cast<size_t>(best)] = 1;
  }
  std::fill(model.base.begin(), model.base.end(), 0.0);
}

// Two classes need one sum: how much more there is of the second.
void join_two_outputs(TreeModel &model) {
  for (ModelTree &tree : model.trees)
    for (TreeModelNode &node : tree.nodes)
      if (node.leaf() && node.value.size() == 2) node.value = {node.value[1] - node.value[0]};
  model.outputs = 1;
  model.base = {model.base[1] - model.base[0]};
}

class Builder {
 public:
  // With `shares` leaves say how sure each class is, which averages out; otherwise they are parts of one margin.
  Builder(const TreeModel &model, const TreeModelOptions &options, bool shares)
      : model_(model), options_(options), shares_(shares) {
    result_.features = model.features;
    result_.type = options.type;
    result_.result = options.result;
    result_.width = leaf_width(model);
    units_ = units();
    result_.scale = units_[0];
    if (std::ranges::any_of(units_, [&](double unit) { return unit != units_[0]; })) result_.scales.assign(units_.begin(), units_.end());
    for (size_t output = 0; output < model.base.size(); ++output)
      result_.base.push_back(static_cast<int32_t>(std::llround(model.base[output] / units_[output])));
  }

  TreeEnsemble build() {
    for (const ModelTree &tree : model_.trees) {
      const int32_t root = place_tree(tree);
      if (root < 0) {
        add_to_base(static_cast<size_t>(-(root + 1)), static_cast<size_t>(tree.output));
        continue;
      }
      add_root(root, tree.output);
    }
    if (result_.roots.empty()) add_nothing();
    return std::move(result_);
  }

 private:
  // The largest leaf and base of one output, or (-1) of all, and whether all leaves are whole.
  struct Sizes {
    double leaf = 0, base = 0;
    bool whole = true;
  };

  Sizes sizes_of(int64_t output) const {
    Sizes sizes;
    for (const ModelTree &tree : model_.trees)
      for (const TreeModelNode &node : tree.nodes)
        for (size_t column = 0; column < node.value.size(); ++column) {
          if (output >= 0 && output != (result_.width == 1 ? tree.output : static_cast<int64_t>(column))) continue;
          sizes.leaf = std::max(sizes.leaf, std::abs(node.value[column]));
          sizes.whole = sizes.whole && node.value[column] == std::round(node.value[column]);
        }
    for (size_t index = 0; index < model_.base.size(); ++index)
      if (output < 0 || output == static_cast<int64_t>(index)) sizes.base = std::max(sizes.base, std::abs(model_.base[index]));
    return sizes;
  }

  // What one step of the integers is worth. Leaves of a forest that are all certain are whole votes.
  double unit_for(const Sizes &sizes) const {
    const auto trees = static_cast<double>(std::max<size_t>(1, model_.trees.size()));
    if (sizes.leaf == 0) return sizes.base == 0 ? 1 : sizes.base / most_sum;
    const bool level_base = sizes.base == 0;
    if (sizes.whole && level_base && sizes.leaf <= most_votes) return 1;
    const double step = sizes.leaf / static_cast<double>(levels());
    return std::max({step, trees * sizes.leaf / most_sum, sizes.base / most_sum});
  }

  // One unit for all outputs, or for real ones that differ much in size one each.
  std::vector<double> units() const {
    std::vector<double> common(static_cast<size_t>(model_.outputs), unit_for(sizes_of(-1)));
    if (options_.result != "reals" || model_.outputs > most_units) return common;
    std::vector<double> each;
    for (int64_t output = 0; output < model_.outputs; ++output) {
      const Sizes sizes = sizes_of(output);
      each.push_back(sizes.leaf == 0 && sizes.base == 0 ? common[0] : unit_for(sizes));
    }
    return *std::ranges::min_element(each) < common[0] / one_unit_within ? each : common;
  }

  int64_t levels() const {
    if (options_.leaf_levels > 0) return options_.leaf_levels;
    if (options_.type == ElementType::float32) return most_leaf;
    if (options_.result == "label") return shares_ ? share_levels : margin_levels;
    return options_.result == "scores" ? score_levels : most_leaf;
  }

  double scale_of(int64_t feature) const {
    if (options_.scales.empty()) return 1;
    return options_.scales.size() == 1 ? options_.scales[0] : options_.scales[static_cast<size_t>(feature)];
  }

  // The largest stored value that goes left; the second says whether every, or no, value of the type does.
  std::pair<int32_t, int> limit_of(const TreeModelNode &node) const {
    if (options_.type == ElementType::float32) return {float_limit(node.threshold, model_.below), 0};
    const Interval range = stored_range(options_.type);
    const double stored = node.threshold / scale_of(node.feature);
    const double limit = model_.below ? std::ceil(stored) - 1 : std::floor(stored);
    if (limit >= static_cast<double>(range.high)) return {0, 1};
    if (limit < static_cast<double>(range.low)) return {0, -1};
    return {static_cast<int32_t>(limit), 0};
  }

  int32_t leaf_number(const TreeModelNode &node, int64_t output) {
    std::vector<int32_t> row;
    for (size_t column = 0; column < node.value.size(); ++column)
      row.push_back(static_cast<int32_t>(std::llround(node.value[column] / units_[result_.width == 1 ? static_cast<size_t>(output) : column])));
    const auto [entry, added] = leaves_.try_emplace(row, static_cast<int32_t>(leaves_.size()));
    if (added) result_.leaves.insert(result_.leaves.end(), row.begin(), row.end());
    return -1 - entry->second;
  }

  // Which children of the tree's nodes are reached at all, and where splits turn out to say nothing: every node gets
  // the node or leaf it stands for. Children before parents, without recursion: files may be deep.
  int32_t place_tree(const ModelTree &tree) {
    std::vector<int64_t> order{0};
    for (size_t next = 0; next < order.size(); ++next) {
      const TreeModelNode &node = tree.nodes[static_cast<size_t>(order[next])];
      if (!node.leaf()) order.insert(order.end(), {node.left, node.right});
    }
    std::vector<Placed> placed(tree.nodes.size());
    for (size_t next = order.size(); next-- > 0;) place_node(tree, static_cast<size_t>(order[next]), placed);
    return append(placed, 0);
  }

  struct Placed {
    TreeSplit split{};
    int32_t leaf = 0;         // below 0: a leaf
    int64_t same_as = -1;     // another node that it stands for
    int64_t left = -1, right = -1;
  };

  static size_t settled(const std::vector<Placed> &placed, int64_t index) {
    while (placed[static_cast<size_t>(index)].same_as >= 0) index = placed[static_cast<size_t>(index)].same_as;
    return static_cast<size_t>(index);
  }

  void place_node(const ModelTree &tree, size_t index, std::vector<Placed> &placed) {
    const TreeModelNode &node = tree.nodes[index];
    Placed &result = placed[index];
    if (node.leaf()) {
      result.leaf = leaf_number(node, tree.output);
      return;
    }
    const auto [limit, always] = limit_of(node);
    const size_t left = settled(placed, node.left), right = settled(placed, node.right);
    if (always != 0 || (placed[left].leaf < 0 && placed[left].leaf == placed[right].leaf)) {
      result.same_as = static_cast<int64_t>(always < 0 ? right : left);
      return;
    }
    const double first = tree.nodes[static_cast<size_t>(node.left)].cover, second = tree.nodes[static_cast<size_t>(node.right)].cover;
    result.left = static_cast<int64_t>(left);
    result.right = static_cast<int64_t>(right);
    result.split = {.feature = static_cast<int32_t>(node.feature), .threshold = limit,
                    .missing_left = options_.type == ElementType::float32 && node.missing_left ? 1 : 0};
    if (first > 0 && second > 0)
      result.split.left_share = static_cast<int32_t>(std::clamp(1000 * first / (first + second), 1.0, 999.0));
  }

  // Splits in preorder.
  int32_t append(const std::vector<Placed> &placed, int64_t root) {
    const Placed &top = placed[settled(placed, root)];
    if (top.leaf < 0) return top.leaf;
    struct Open {
      int64_t node;
      int32_t parent;
      bool right;
    };
    const auto first = static_cast<int32_t>(result_.splits.size());
    std::vector<Open> open{{static_cast<int64_t>(settled(placed, root)), -1, false}};
    while (!open.empty()) {
      const Open next = open.back();
      open.pop_back();
      const Placed &node = placed[static_cast<size_t>(next.node)];
      int32_t number = node.leaf;
      if (number >= 0) {
        number = static_cast<int32_t>(result_.splits.size());
        result_.splits.push_back(node.split);
        open.push_back({node.right, number, true});
        open.push_back({node.left, number, false});
      }
      if (next.parent < 0) continue;
      TreeSplit &parent = result_.splits[static_cast<size_t>(next.parent)];
      (next.right ? parent.right : parent.left) = number;
    }
    return first;
  }

  void add_root(int32_t root, int64_t output) {
    result_.roots.push_back(root);
    if (result_.width == 1) result_.tree_outputs.push_back(static_cast<int32_t>(output));
  }

  // A tree that always says the same.
  void add_to_base(size_t leaf, size_t output) {
    for (size_t i = 0; i < result_.width; ++i)
      result_.base[result_.width == 1 ? output : i] += result_.leaves[leaf * result_.width + i];
  }

  // The operator wants a tree: one whose leaves add nothing.
  void add_nothing() {
    const auto leaf = static_cast<int32_t>(result_.leaves.size() / result_.width);
    result_.leaves.insert(result_.leaves.end(), result_.width, 0);
    result_.splits.push_back({.left = -1 - leaf, .right = -1 - leaf});
    add_root(0, 0);
  }

  const TreeModel &model_;
  const TreeModelOptions &options_;
  bool shares_;
  TreeEnsemble result_;
  std::map<std::vector<int32_t>, int32_t> leaves_;
  std::vector<double> units_{};  // one an output
};

}  // namespace

bool check_tree_model(const TreeModel &model, const std::string &place, Problems &problems) {
  constexpr size_t most_nodes = 1 << 24;
  size_t nodes = 0;
  for (const ModelTree &tree : model.trees) nodes += tree.nodes.size();
  if (model.trees.empty() || nodes > most_nodes) {
    problems.add({place, fmt::format("{} trees with {} nodes", model.trees.size(), nodes), "trees with up to 16 million nodes", ""});
    return false;
  }
  const size_t width = leaf_width(model);
  if (width != 1 && static_cast<int64_t>(width) != model.outputs) {
    problems.add({place, fmt::format("leaves with {} values for {} outputs", width, model.outputs), "one value, or one an output", ""});
    return false;
  }
  bool sound = true;
  for (size_t tree = 0; tree < model.trees.size(); ++tree) sound = TreeCheck(model, tree, place).run(width, problems) && sound;
  for (double value : model.base)
    if (!std::isfinite(value)) {
      problems.add({place, fmt::format("a base of {}", value), "finite numbers", "the model file may be damaged"});
      sound = false;
    }
  return sound;
}

TreeEnsemble tree_ensemble_from(TreeModel model, const TreeModelOptions &options) {
  if (options.prune > 0) prune_tree_model(model, options.prune);
  model.base.resize(static_cast<size_t>(model.outputs));
  const bool shares = leaf_width(model) > 1;
  if (options.result == "label" && model.trees.size() == 1 && leaf_width(model) > 1) decide_leaves(model);
  if (options.result == "label" && model.outputs == 2 && leaf_width(model) == 2) join_two_outputs(model);
  return Builder(model, options, shares).build();
}

Graph tree_model_graph(TreeModel model, const TreeModelOptions &options, const std::string &place) {
  Problems problems;
  check_tree_model(model, place, problems);
  problems.throw_if_any();
  Graph graph{.name = "trees"};
  graph.inputs = {graph.add_tensor({.name = "features", .type = options.type, .shape = {1, model.features}})};
  graph.outputs = {add_tree_ensemble(graph, graph.inputs[0], tree_ensemble_from(std::move(model), options), place)};
  return graph;
}

}  // namespace whit
