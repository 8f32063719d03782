// SPDX-License-Identifier: Apache-2.0
// Pruning by what a split is worth: (l * r / (l + r)) * |left - right|^2 for covers l and r, the increase of the squared
// error on the training samples when both leaves become their mean.
#include <algorithm>
#include <queue>

#include "ops/tree_ensemble/tree_model.hpp"

namespace whit {

namespace {

struct Candidate {
  double worth = 0;
  size_t tree = 0, node = 0;
  bool operator>(const Candidate &other) const {
    return std::tie(worth, tree, node) > std::tie(other.worth, other.tree, other.node);
  }
};

double cover_of(const TreeModelNode &node) { return node.cover > 0 ? node.cover : 1; }

bool certain(const TreeModelNode &node) {
  return std::count(node.value.begin(), node.value.end(), 0.0) == static_cast<std::ptrdiff_t>(node.value.size()) - 1 &&
         node.value.size() > 1;
}

class Pruning {
 public:
  explicit Pruning(TreeModel &model) : model_(model) {
    certain_ = true;
    for (size_t tree = 0; tree < model.trees.size(); ++tree) {
      parents_.emplace_back(nodes(tree).size(), no_parent);
      for (size_t index = 0; index < nodes(tree).size(); ++index) add_node(tree, index);
      for (size_t index = 0; index < nodes(tree).size(); ++index) consider(tree, index);
    }
  }

  void remove(double fraction) {
    auto left = static_cast<size_t>(fraction * static_cast<double>(splits_));
    for (; left > 0 && !candidates_.empty(); --left) {
      const Candidate next = candidates_.top();
      candidates_.pop();
      merge(nodes(next.tree)[next.node], nodes(next.tree));
      if (const size_t parent = parents_[next.tree][next.node]; parent != no_parent) consider(next.tree, parent);
    }
    if (certain_) decide();
  }

 private:
  static constexpr size_t no_parent = SIZE_MAX;

  std::vector<TreeModelNode> &nodes(size_t tree) { return model_.trees[tree].nodes; }

  void add_node(size_t tree, size_t index) {
    const TreeModelNode &node = nodes(tree)[index];
    if (node.leaf()) {
      certain_ = certain_ && certain(node);
      return;
    }
    ++splits_;
    parents_[tree][static_cast<size_t>(node.left)] = index;
    parents_[tree][static_cast<size_t>(node.right)] = index;
  }

  void consider(size_t tree, size_t index) {
    const TreeModelNode &node = nodes(tree)[index];
    if (node.leaf()) return;
    const TreeModelNode &left = nodes(tree)[static_cast<size_t>(node.left)], &right = nodes(tree)[static_cast<size_t>(node.right)];
    if (!left.leaf() || !right.leaf()) return;
    double distance = 0;
    for (size_t i = 0; i < left.value.size(); ++i) distance += (left.value[i] - right.value[i]) * (left.value[i] - right.value[i]);
    candidates_.push({cover_of(left) * cover_of(right) / (cover_of(left) + cover_of(right)) * distance, tree, index});
  }

  static void merge(TreeModelNode &node, const std::vector<TreeModelNode> &nodes) {
    const TreeModelNode &left = nodes[static_cast<size_t>(node.left)], &right = nodes[static_cast<size_t>(node.right)];
    const double share = cover_of(left) / (cover_of(left) + cover_of(right));
    node.feature = -1;
    node.cover = cover_of(left) + cover_of(right);
    node.value.resize(left.value.size());
    for (size_t i = 0; i < node.value.size(); ++i) node.value[i] = share * left.value[i] + (1 - share) * right.value[i];
  }

  void decide() {
    for (ModelTree &tree : model_.trees)
      for (TreeModelNode &node : tree.nodes) {
        if (!node.leaf() || node.value.empty()) continue;
        const auto best = std::max_element(node.value.begin(), node.value.end()) - node.value.begin();
        std::fill(node.value.begin(), node.value.end(), 0.0);
        node.value[static_cast<size_t>(best)] = 1;
      }
  }

  TreeModel &model_;
  std::vector<std::vector<size_t>> parents_{};
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates_{};
  size_t splits_ = 0;
  bool certain_ = true;
};

}  // namespace

void prune_tree_model(TreeModel &model, double fraction) { Pruning(model).remove(fraction); }

}  // namespace whit
