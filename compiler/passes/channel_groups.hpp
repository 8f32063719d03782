// SPDX-License-Identifier: Apache-2.0
// Which channels of which tensors stand or fall together.
//
// An operator that keeps channels apart needs channel c of its input and of its output, or neither; a depthwise
// convolution likewise. Such channels form a group. Groups are only read across by conv2d and fully_connected, whose
// weights say which input channels each output channel depends on.
#pragma once

#include <vector>

#include "compiler/ir/graph.hpp"

namespace whit {

class ChannelGroups {
 public:
  explicit ChannelGroups(const Graph &graph);

  // Number of the group; groups are numbered from 0 to count() - 1, not densely. Not for constants.
  size_t of(TensorId tensor, int64_t channel) const;
  size_t count() const { return parents_.size(); }
  // Whether something needs the group as it is: the graph's inputs and outputs, variables, operators that mix channels.
  bool pinned(size_t group) const { return pinned_[group]; }

 private:
  size_t find(size_t slot) const;
  void unite(size_t a, size_t b);
  void join(const Graph &graph, const Node &node);
  void join_weighted(const NodeView &node);
  void join_separate(const NodeView &node);
  void join_input(const NodeView &node, size_t input);
  void pin(const Graph &graph, TensorId tensor);
  void pin(const Graph &graph, const Node &node);

  std::vector<size_t> first_;            // slot of each tensor's channel 0
  mutable std::vector<size_t> parents_;  // by slot: union-find
  std::vector<bool> pinned_;             // by slot while groups are joined, then by group
};

// Whether the dead-channel pass can rewrite this node's weights: int8 data, weights and output, int32 bias or none,
// computed data whose channels the weights join.
bool has_removable_channels(const NodeView &node);

}  // namespace whit
