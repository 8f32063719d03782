// SPDX-License-Identifier: Apache-2.0
// What can be said of weights once a graph stands.
#pragma once

#include "compiler/ir/graph.hpp"

namespace whit {

// UserError, all problems at once, where computed weights have a zero point or sums could leave 32 bits, in the graph or
// in one that its nodes hold. The graph has been verified.
void check_weights(const Graph &graph);

}  // namespace whit
