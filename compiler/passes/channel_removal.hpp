// SPDX-License-Identifier: Apache-2.0
// Cutting channels out of a graph, once it is known which ones.
#pragma once

#include <vector>

#include "compiler/ir/graph.hpp"
#include "compiler/passes/channel_bounds.hpp"

namespace whit {

// By tensor, then channel: whether it stays. Empty for constants.
using KeptChannels = std::vector<std::vector<bool>>;

// What a removed data channel that holds one value for every input added to each output channel's sum.
// `removed` and `bounds` are those of the data, by channel; channels that are not single are left out.
std::vector<int64_t> constant_contributions(const NodeView &node, const std::vector<bool> &removed,
                                            const std::vector<Interval> &bounds);

// Shortens tensors, weights, biases and quantisation to the kept channels, and adds to the biases what the removed
// constant channels contributed. The kept channels are whole groups (channel_groups.hpp).
void remove_channels(Graph &graph, const KeptChannels &kept, const ChannelBounds &bounds);

}  // namespace whit
