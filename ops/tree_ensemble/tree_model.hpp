// SPDX-License-Identifier: Apache-2.0
// Trees as training tools write them, with real thresholds and leaves; and the way from there to the integers of the
// tree_ensemble operator. Importers of all formats fill the same struct.
#pragma once

#include <string>
#include <vector>

#include "ops/tree_ensemble/tree_ensemble.hpp"

namespace whit {

struct TreeModelNode {
  int64_t feature = -1;  // -1: a leaf
  double threshold = 0;
  bool missing_left = false;
  int64_t left = -1, right = -1;  // nodes of the same tree
  double cover = 0;               // training samples (or their weight) that came here; 0 where unknown
  std::vector<double> value{};    // of a leaf: one number, or one an output

  bool leaf() const { return feature < 0; }
};

struct ModelTree {
  std::vector<TreeModelNode> nodes{};  // the first is the root
  int64_t output = 0;                  // that its leaves are added to, when they hold one number
};

struct TreeModel {
  int64_t features = 0;
  int64_t outputs = 1;
  bool below = false;  // left if the feature is below the threshold; otherwise, if it is not above it
  std::vector<ModelTree> trees{};
  std::vector<double> base{};  // one an output
};

// How features come in, and what shall come out.
struct TreeModelOptions {
  ElementType type = ElementType::float32;
  std::vector<double> scales{};  // one a feature, or one for all; for integers: real = scale * stored
  std::string result = "label";
  int64_t leaf_levels = 0;  // leaves become whole numbers up to this; 0: enough for the result
  double prune = 0;         // fraction of all splits to give up, those that say least first
};

// Collects what is wrong in `problems` and returns false, each with `place` and its tree: children that do not exist or
// come twice, features out of range, values that are no numbers, leaves of another width than the model's.
bool check_tree_model(const TreeModel &model, const std::string &place, Problems &problems);

// A model that passed the check. Thresholds and leaves are rounded as docs/semantics.md, "tree_ensemble" says.
TreeEnsemble tree_ensemble_from(TreeModel model, const TreeModelOptions &options);

// A graph of one input and that node. UserError when the check finds anything.
Graph tree_model_graph(TreeModel model, const TreeModelOptions &options, const std::string &place);

// Gives up that fraction of the splits: each time the one above two leaves that separates least, cover times squared
// difference of the leaves; the new leaf is their mean, or the class with most samples where all leaves were certain.
void prune_tree_model(TreeModel &model, double fraction);

}  // namespace whit
