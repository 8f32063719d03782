// SPDX-License-Identifier: Apache-2.0
// Circular buffers that are due every so many runs: the reference ends a run where one is not.
#pragma once

#include "compiler/ir/graph.hpp"

namespace whit {

// The graph with all that follows such a buffer in a branch that runs when it is due. Outputs that the branch computes
// keep what they had in other runs: before the first their zero point.
Graph with_waits(Graph graph);

}  // namespace whit
