// SPDX-License-Identifier: Apache-2.0
// tree_ensemble: trees of tests "feature <= threshold" whose leaves are summed: forests, boosted trees, single trees.
//
// inputs:  0 data: float32, int8, uint8 or int16, one row of features
//          1 splits: int32 N x 6, see TreeSplit. A child of 0 or more is a split behind this one, a negative one is leaf
//            -1 - child. Each split is the root of one tree or the child of one split
//          2 roots: int32 T, the first split of each tree
//          3 leaves: int32 L x W. W is the number of outputs, or 1 with input 5
//          4 base: int32 K, what each output begins with
//          5 tree_outputs: int32 T, optional: the output that each tree's leaves (W is 1) are added to
//          6 scales: float32 K, optional: of "reals" that have one each
// attributes: "result" is "label" (the default: the class with the largest sum, ties to the lowest; with one output 1 if
//          the sum is above 0, else 0), "scores" (the sums, int32) or "reals" (float32: the sums times "scale").
// Thresholds are integers of the data's type; for float32 data they are tree_key of the threshold (see
// device/core/ordered_bits.hpp), and missing values are not-a-number.
#pragma once

#include <vector>

#include "ops/op_def.hpp"

namespace whit {

// A row of input 1, in this order.
struct TreeSplit {
  int32_t feature = 0;
  int32_t threshold = 0;     // left if the feature is not above it
  int32_t missing_left = 0;  // 1: a missing feature goes left too
  int32_t left = 0, right = 0;
  int32_t left_share = 500;  // how many of 1000 samples went left in training, to lay out code; changes no result

  bool operator==(const TreeSplit &) const = default;
};

struct TreeEnsemble {
  int64_t features = 0;
  ElementType type = ElementType::float32;
  std::vector<TreeSplit> splits{};
  std::vector<int32_t> roots{};
  size_t width = 1;              // W
  std::vector<int32_t> leaves{};  // L x W
  std::vector<int32_t> base{};
  std::vector<int32_t> tree_outputs{};  // empty: every leaf holds all outputs
  std::string result = "label";
  double scale = 1.0;
  std::vector<float> scales{};  // one an output, in place of `scale`

  size_t trees() const { return roots.size(); }
  size_t outputs() const { return base.size(); }
  size_t leaf_count() const { return leaves.size() / width; }
  // One sum for each of several trees' groups, each leaf holding one value.
  bool single_values() const { return width == 1; }
  float scale_of(size_t output) const { return scales.empty() ? static_cast<float>(scale) : scales[output]; }
  int32_t output_of(size_t tree) const { return tree_outputs.empty() ? 0 : tree_outputs[tree]; }
};

// What a verified node holds.
TreeEnsemble tree_ensemble_of(const NodeView &node);
// Adds the constants and a node that reads `data` to the graph; the node's output is returned. UserError, with `origin`
// as its place, when the ensemble breaks a rule above.
TensorId add_tree_ensemble(Graph &graph, TensorId data, const TreeEnsemble &ensemble, std::string origin,
                           Quantization output_quantization = {});

// The lowest and highest value that the leaves below a split add to one output.
Interval leaf_range(const TreeEnsemble &ensemble, int32_t root, size_t output);

namespace tree_code {  // code made for the model, in tree_code.cpp

bool fits(const NodeView &node);
KernelCall call_words(const NodeView &node);  // several votes in a 32-bit register
KernelCall call_bytes(const NodeView &node);  // a register a vote
Cost cost(const NodeView &node);

}  // namespace tree_code

namespace tree_tables {  // packed tables, in tree_tables.cpp

bool fits(const NodeView &node);
KernelCall call(const NodeView &node);
Cost cost(const NodeView &node);
int64_t scratch(const NodeView &node);
void host(std::span<void *const> arguments);

}  // namespace tree_tables

}  // namespace whit
