// SPDX-License-Identifier: Apache-2.0
// In which order the operators run: the order under which the fewest bytes live at once.
//
// A search over the sets of nodes that have run: two orders that ran the same set have the same live tensors, so only
// the better is kept. Exact for graphs with few parallel branches (all usual networks); for others the best sets of
// each length are kept.
#pragma once

#include <functional>
#include <vector>

#include "compiler/plan/liveness.hpp"

namespace whit {

// Bytes that an overlay can save when its input dies at the node.
struct Saving {
  TensorId storage = no_tensor;
  int64_t bytes = 0;
};
using SavingsOf = std::function<std::vector<Saving>(size_t node)>;

// Positions of the graph's nodes in the order to run. The given order stays unless another needs fewer bytes.
std::vector<size_t> order_nodes(const Graph &graph, const std::vector<TensorId> &storage, const SavingsOf &savings_of);
std::vector<size_t> order_nodes(const Graph &graph, Kernels kernels, int64_t alignment);

// What the kernel's overlaps can save.
std::vector<Saving> savings_of(const Kernel &kernel, const NodeView &node, const std::vector<TensorId> &storage,
                               int64_t alignment);

Graph reordered(const Graph &graph, const std::vector<size_t> &order);

}  // namespace whit
