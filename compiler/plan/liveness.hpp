// SPDX-License-Identifier: Apache-2.0
// From a graph with chosen kernels to blocks: which tensors share memory, when each stretch of memory is needed, and
// what may overlay what.
//
// Inputs live from the start (the caller writes them before the run), outputs to the end (the caller reads them after
// it). A view has its source's address, so both are one block that lives as long as any of them is read.
#pragma once

#include <span>
#include <vector>

#include "compiler/ir/graph.hpp"
#include "compiler/plan/placement.hpp"
#include "ops/kernel.hpp"

namespace whit {

// The chosen kernel of each node.
using Kernels = std::span<const Kernel *const>;

// Of each tensor, the tensor whose memory it lies in: the source of its view, or itself. `is_view`: one a node.
std::vector<TensorId> storage_of(const Graph &graph, const std::vector<bool> &is_view);
std::vector<bool> views_of(Kernels kernels);

// True for memory that the planner places in the arena: neither a constant nor a variable.
bool in_arena(const Tensor &tensor);

// How the node's output 0 may lie over an arena tensor that it reads, should that tensor die there. Where the node
// reads one memory through several inputs, only what all of them permit.
struct StorageOverlap {
  TensorId storage = no_tensor;
  std::optional<int64_t> at_most{};
  std::vector<int64_t> exactly{};
};
std::vector<StorageOverlap> storage_overlaps(const Kernel &kernel, const NodeView &node,
                                             const std::vector<TensorId> &storage);

struct Lifetimes {
  std::vector<TensorId> storage{};  // of each tensor
  std::vector<TensorId> owners{};   // of each block, the tensor that is its own storage
  std::vector<Block> blocks{};      // steps are positions of nodes; inputs begin at -1, outputs end after the last node
  std::vector<Overlay> overlays{};  // between blocks
};
Lifetimes lifetimes_of(const Graph &graph, Kernels kernels, int64_t alignment);

}  // namespace whit
