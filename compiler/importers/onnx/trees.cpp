// SPDX-License-Identifier: Apache-2.0
// Tree ensembles: arrays over the nodes of all trees, and over the weights that leaves add to the targets or classes.
#include <cmath>

#include "compiler/importers/onnx/operators.hpp"
#include "ops/tree_ensemble/tree_model.hpp"

namespace whit::onnx_operators {

namespace {

constexpr int64_t most_outputs = 32767;

// Where the node `id` of tree `tree` stands in the model.
struct Place {
  size_t tree, node;
};
using Places = std::map<std::pair<int64_t, int64_t>, Place>;

// What leaves add: to `output` of the leaf (tree, node) the weight.
struct Weights {
  std::vector<int64_t> trees, nodes, outputs;
  std::vector<double> values;
};

// The arrays of a file's nodes, all of one length.
struct Nodes {
  std::vector<int64_t> trees, ids, features, yes, no, missing_yes;
  std::vector<double> values;
  std::vector<std::string> modes;
};

void same_length(const OnnxNode &node, size_t length, size_t expected, std::string_view name) {
  if (length != expected) node.fail(fmt::format("{} {}", length, name), fmt::format("{}, as there are of the others", expected), "the file is damaged");
}

Nodes read_nodes(const OnnxNode &node) {
  Nodes nodes{.trees = node.integers("nodes_treeids"), .ids = node.integers("nodes_nodeids"), .features = node.integers("nodes_featureids"),
              .yes = node.integers("nodes_truenodeids"), .no = node.integers("nodes_falsenodeids"),
              .missing_yes = node.integers("nodes_missing_value_tracks_true"), .values = node.numbers("nodes_values"), .modes = node.texts("nodes_modes")};
  const size_t count = nodes.trees.size();
  if (nodes.missing_yes.empty()) nodes.missing_yes.resize(count, 0);
  same_length(node, nodes.ids.size(), count, "nodes_nodeids");
  same_length(node, nodes.features.size(), count, "nodes_featureids");
  same_length(node, nodes.yes.size(), count, "nodes_truenodeids");
  same_length(node, nodes.no.size(), count, "nodes_falsenodeids");
  same_length(node, nodes.missing_yes.size(), count, "nodes_missing_value_tracks_true");
  same_length(node, nodes.values.size(), count, "nodes_values");
  same_length(node, nodes.modes.size(), count, "nodes_modes");
  return nodes;
}

Weights read_weights(const OnnxNode &node, const std::string &kind) {
  Weights weights{.trees = node.integers(kind + "_treeids"), .nodes = node.integers(kind + "_nodeids"), .outputs = node.integers(kind + "_ids"),
                  .values = node.reals(kind + "_weights")};
  same_length(node, weights.nodes.size(), weights.trees.size(), kind + "_nodeids");
  same_length(node, weights.outputs.size(), weights.trees.size(), kind + "_ids");
  same_length(node, weights.values.size(), weights.trees.size(), kind + "_weights");
  return weights;
}

// Trees in the order in which the file first names them; a tree's first node is its root.
Places place_nodes(const OnnxNode &node, const Nodes &nodes, TreeModel &model) {
  Places places;
  std::map<int64_t, size_t> trees;
  for (size_t index = 0; index < nodes.trees.size(); ++index) {
    const size_t tree = trees.try_emplace(nodes.trees[index], trees.size()).first->second;
    if (tree == model.trees.size()) model.trees.emplace_back();
    const bool is_new = places.try_emplace({nodes.trees[index], nodes.ids[index]}, Place{tree, model.trees[tree].nodes.size()}).second;
    if (!is_new) node.fail(fmt::format("node {} of tree {} twice", nodes.ids[index], nodes.trees[index]), "each once", "the file is damaged");
    model.trees[tree].nodes.emplace_back();
  }
  return places;
}

int64_t child(const OnnxNode &node, const Places &places, int64_t tree, int64_t id) {
  const auto found = places.find({tree, id});
  if (found == places.end()) node.fail(fmt::format("node {} of tree {}, which there is not", id, tree), "children that there are", "the file is damaged");
  return static_cast<int64_t>(found->second.node);
}

// A split goes left where the feature is not above its threshold. What says the opposite has its children exchanged; what leaves
// out the threshold itself has the next float below instead.
TreeModelNode split(const OnnxNode &node, const Nodes &nodes, size_t index, const Places &places) {
  const std::string &mode = nodes.modes[index];
  const bool above = mode == "BRANCH_GT" || mode == "BRANCH_GTE";
  if (!above && mode != "BRANCH_LEQ" && mode != "BRANCH_LT") node.fail("mode " + mode, "BRANCH_LEQ, BRANCH_LT, BRANCH_GT, BRANCH_GTE, LEAF", "train with numeric splits");
  const int64_t yes = child(node, places, nodes.trees[index], nodes.yes[index]), no = child(node, places, nodes.trees[index], nodes.no[index]);
  const bool missing_yes = nodes.missing_yes[index] != 0;
  auto threshold = static_cast<float>(nodes.values[index]);
  if (mode == "BRANCH_LT" || mode == "BRANCH_GTE") threshold = std::nextafter(threshold, -INFINITY);
  if (nodes.features[index] < 0) node.fail(fmt::format("feature {}", nodes.features[index]), "features from 0 on", "the file is damaged");
  return {.feature = nodes.features[index], .threshold = static_cast<double>(threshold), .missing_left = missing_yes != above,
          .left = above ? no : yes, .right = above ? yes : no};
}

// Leaves of one number where each tree adds to one output; else of one number an output.
void fill_leaves(const OnnxNode &node, const Weights &weights, const Places &places, TreeModel &model) {
  std::vector<int64_t> only(model.trees.size(), -1);
  bool single = true;
  for (size_t index = 0; index < weights.values.size(); ++index) {
    const auto found = places.find({weights.trees[index], weights.nodes[index]});
    if (found == places.end() || !model.trees[found->second.tree].nodes[found->second.node].leaf())
      node.fail(fmt::format("a weight for node {} of tree {}, which is no leaf", weights.nodes[index], weights.trees[index]), "weights of leaves", "the file is damaged");
    if (weights.outputs[index] < 0 || weights.outputs[index] >= model.outputs)
      node.fail(fmt::format("output {} of {}", weights.outputs[index], model.outputs), "outputs that there are", "the file is damaged");
    int64_t &output = only[found->second.tree];
    single &= output < 0 || output == weights.outputs[index];
    output = weights.outputs[index];
  }
  const size_t width = single ? 1 : static_cast<size_t>(model.outputs);
  for (size_t tree = 0; tree < model.trees.size(); ++tree) {
    model.trees[tree].output = single ? std::max<int64_t>(0, only[tree]) : 0;
    for (TreeModelNode &leaf : model.trees[tree].nodes)
      if (leaf.leaf()) leaf.value.assign(width, 0);
  }
  for (size_t index = 0; index < weights.values.size(); ++index) {
    const Place place = places.at({weights.trees[index], weights.nodes[index]});
    model.trees[place.tree].nodes[place.node].value[single ? 0 : static_cast<size_t>(weights.outputs[index])] += weights.values[index];
  }
}

// Thresholds for what is stored instead of what it stands for.
void take_thresholds(const OnnxNode &node, const OnnxValue &value, TreeModel &model) {
  for (const double factor : value.factors)
    if (!(factor > 0)) node.fail(fmt::format("features scaled by {}", factor), "factors above 0 before trees");
  for (ModelTree &tree : model.trees)
    for (TreeModelNode &split : tree.nodes) {
      if (split.leaf() || split.feature >= value.count) continue;
      const auto feature = static_cast<size_t>(split.feature);
      split.threshold = (split.threshold - value.offset(feature)) / value.factor(feature);
    }
}

TreeModel read_trees(const OnnxNode &node, const OnnxValue &value, const Weights &weights, int64_t outputs) {
  const Nodes nodes = read_nodes(node);
  TreeModel model{.features = value.count, .outputs = outputs};
  const Places places = place_nodes(node, nodes, model);
  for (size_t index = 0; index < nodes.trees.size(); ++index) {
    const Place place = places.at({nodes.trees[index], nodes.ids[index]});
    if (nodes.modes[index] != "LEAF") model.trees[place.tree].nodes[place.node] = split(node, nodes, index, places);
  }
  fill_leaves(node, weights, places, model);
  return model;
}

TensorId add_model(OnnxReader &reader, const OnnxNode &node, TreeModel model, const std::string &result) {
  Problems problems;
  check_tree_model(model, node.place(), problems);
  problems.throw_if_any();
  const OnnxValue &value = reader.features(node);
  take_thresholds(node, value, model);
  return add_tree_ensemble(reader.graph(), value.tensor, tree_ensemble_from(std::move(model), {.result = result}), node.place());
}

// Of two classes the file may weigh the second alone: above 0, or above a half where no weight is below 0, it wins.
bool weighs_the_second_alone(const Weights &weights, int64_t classes) {
  for (const int64_t output : weights.outputs)
    if (output != weights.outputs[0]) return false;
  return classes == 2;
}

}  // namespace

void tree_classifier(OnnxReader &reader, const OnnxNode &node) {
  refuse_scores(reader, node);
  const int64_t classes = class_count(node);
  Weights weights = read_weights(node, "class");
  if (weights.outputs.empty()) node.fail("no weights", "at least one", "the file is damaged");
  const bool second_alone = weighs_the_second_alone(weights, classes);
  std::vector<double> base = node.reals("base_values");
  if (second_alone) {
    double least = 0;
    for (const double weight : weights.values) least = std::min(least, weight);
    std::fill(weights.outputs.begin(), weights.outputs.end(), 0);
    base = {(base.empty() ? 0 : base.back()) - (least < 0 ? 0 : 0.5)};
  }
  TreeModel model = read_trees(node, reader.features(node), weights, second_alone ? 1 : classes);
  if (!base.empty()) same_length(node, base.size(), static_cast<size_t>(model.outputs), "base_values");
  model.base = std::move(base);
  reader.set(node, 0, {.tensor = add_model(reader, node, std::move(model), "label"), .count = 1, .label = true});
}

void tree_regressor(OnnxReader &reader, const OnnxNode &node) {
  const std::string transform = node.text("post_transform", "NONE"), together = node.text("aggregate_function", "SUM");
  if (transform != "NONE") node.fail("post_transform " + transform, "NONE");
  if (together != "SUM" && together != "AVERAGE") node.fail("aggregate_function " + together, "SUM, AVERAGE");
  const int64_t outputs = node.integer("n_targets", 1);
  if (outputs < 1 || outputs > most_outputs) node.fail(fmt::format("{} targets", outputs), fmt::format("1 to {}", most_outputs));
  TreeModel model = read_trees(node, reader.features(node), read_weights(node, "target"), outputs);
  if (together == "AVERAGE")
    for (ModelTree &tree : model.trees)
      for (TreeModelNode &leaf : tree.nodes)
        for (double &value : leaf.value) value /= static_cast<double>(model.trees.size());
  model.base = node.reals("base_values");
  if (!model.base.empty()) same_length(node, model.base.size(), static_cast<size_t>(outputs), "base_values");
  reader.set(node, 0, reader.row(add_model(reader, node, std::move(model), "reals")));
}

}  // namespace whit::onnx_operators
