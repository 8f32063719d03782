// SPDX-License-Identifier: Apache-2.0
// Dynamic programming over the options of all nodes: neighbours must agree on the layout of the tensor between them.
//
// The state after a node is the layouts of the tensors that live on. For each state the assignments are kept that no
// other beats in both score and memory, the latter being what the busiest node needs at least.
#pragma once

#include <vector>

#include "compiler/plan/options.hpp"

namespace whit {

// Of every node and option; lower is better, an assignment's score is the sum. Infinite: not to be taken.
using OptionScores = std::vector<std::vector<double>>;

struct Assignment {
  std::vector<size_t> options{};  // one a node
  double score = 0;
  int64_t peak = 0;  // bytes that the busiest node needs at least
};

// Assignments that none beats in both score and peak, best score first; none where the kernels cannot agree.
std::vector<Assignment> assign_layouts(const Graph &graph, const std::vector<NodeOptions> &options,
                                       const OptionScores &scores, int64_t alignment);

}  // namespace whit
