// SPDX-License-Identifier: Apache-2.0
// mean: input data of any shape; attributes "axes" (which are averaged; negative ones count from the end) and
// "keep_axes" (0 or 1: they stay with length 1).
#pragma once

#include "ops/op_def.hpp"

namespace whit {

// What mean shares with the other reductions: the attributes, which axes go (UserError for one that the data lacks), and
// type and shape of the output.
inline constexpr AttributeRules<2> reduce_attributes{{{"axes", AttributeKind::integers}, {"keep_axes"}}};
std::vector<bool> reduced_axes(const NodeView &node);
std::vector<TensorType> infer_reduction(const NodeView &node);

// The data as a kernel walks it: neighbouring axes that are both kept or both averaged are one, axes of length 1 none,
// which leaves at most outer kept x outer averaged x inner kept x inner averaged.
struct MeanGroups {
  int64_t outer_kept = 1, outer_averaged = 1, inner_kept = 1, inner_averaged = 1;
  bool possible = true;  // false when the axes alternate more often than that

  int64_t averaged() const { return outer_averaged * inner_averaged; }
};

// Counted in the layout that the node's tensors now have.
MeanGroups mean_groups(const NodeView &node);

// The DSP kernels, which serve sums too: values to be added lie side by side, eight at least; or whole words of kept columns
// do. `multiplier` takes a sum to the output.
inline constexpr std::string_view mean_dsp_header = "ops/reduce/mean.dsp.kernel.hpp";
bool averages_rows(const NodeView &node);
bool averages_columns(const NodeView &node);
KernelCall averaged_rows_call(const NodeView &node, QuantizedMultiplier multiplier);
KernelCall averaged_columns_call(const NodeView &node, QuantizedMultiplier multiplier);
Cost averaged_rows_cost(const NodeView &node);
Cost averaged_columns_cost(const NodeView &node);

}  // namespace whit
