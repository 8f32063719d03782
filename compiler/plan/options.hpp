// SPDX-License-Identifier: Apache-2.0
// What can be chosen at each node: every kernel that computes it on the core, with every layout it reads and writes.
#pragma once

#include <vector>

#include "compiler/plan/choose.hpp"
#include "compiler/plan/order.hpp"

namespace whit {

// One kernel with one assignment of layouts to the node's tensors.
struct NodeOption {
  const Kernel *kernel = nullptr;
  std::vector<Layout> inputs{};   // one an input; channel_last where there is nothing to choose
  std::vector<Layout> outputs{};  // one an output
  Cost cost{};
  int64_t scratch = 0;  // bytes
  std::vector<Saving> savings{};  // by overlaying a dying input
};
using NodeOptions = std::vector<NodeOption>;

// Flash that one call of the kernel takes beside its code: parameters and packed constants.
int64_t constant_bytes_of(const Kernel &kernel, const NodeView &node);

// Whether the tensor's layout can be chosen: computed, inside the graph, and of a shape whose layouts differ. All
// other tensors are channel_last.
std::vector<bool> free_layouts(const Graph &graph);

// The options of every node, best kernel first. A view that fits is the only option of its node.
// UserError, all nodes at once, where there is none.
std::vector<NodeOptions> node_options(const Graph &graph, const ChooseOptions &options);

}  // namespace whit
