// SPDX-License-Identifier: Apache-2.0
// A transposed convolution taken apart: outputs that lie a stride apart meet the same taps, every stride-th of the window,
// and are the outputs of an ordinary convolution of stride 1.
#pragma once

#include <vector>

#include "ops/kernel.hpp"

namespace whit {

// A graph of one conv2d node of the transposed one's types, and where in its output the convolution's first goes.
struct TransposePhase {
  Graph graph{};
  int64_t first_row = 0, first_column = 0;

  NodeView node() const { return {graph, graph.nodes.front()}; }
};

// All phases that have outputs; none where one has no taps or would begin inside the data.
std::vector<TransposePhase> transpose_phases(const NodeView &node);

// The facts of the DSP kernel made of such phases, for the operator's OpDef.
namespace transpose_conv2d_phases_facts {

bool fits(const NodeView &node);
KernelCall call(const NodeView &node);
Cost cost(const NodeView &node);
int64_t scratch(const NodeView &node);

}  // namespace transpose_conv2d_phases_facts

}  // namespace whit
