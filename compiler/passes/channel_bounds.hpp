// SPDX-License-Identifier: Apache-2.0
// What each channel of each tensor can hold, whatever the graph's inputs are.
#pragma once

#include <vector>

#include "compiler/ir/graph.hpp"

namespace whit {

// Channels are indices along the last axis; a scalar has one.
int64_t channel_count(const Tensor &tensor);

// By tensor, then channel: the stored values it can hold. Empty for constants.
using ChannelBounds = std::vector<std::vector<Interval>>;

// Exact integer arithmetic, in the graph's order: through weighted sums by the bounds of their accumulators, through
// operators that keep channels apart by running their kernels on the ends of the intervals. Everything else may hold
// whatever its type can store.
ChannelBounds channel_bounds(const Graph &graph);

}  // namespace whit
