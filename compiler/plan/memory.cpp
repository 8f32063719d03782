// SPDX-License-Identifier: Apache-2.0
// Blocks are placed by the core; here the offsets go back to the tensors, views included.
#include "compiler/plan/memory.hpp"

#include <algorithm>

namespace whit {

namespace {

// Variables one after the other: they live always.
void place_variables(const Graph &graph, int64_t alignment, MemoryPlan &plan) {
  for (size_t tensor = 0; tensor < graph.tensors.size(); ++tensor) {
    if (!graph.tensors[tensor].variable) continue;
    plan.offsets[tensor] = align_up(plan.state_bytes, alignment);
    plan.state_bytes = plan.offsets[tensor] + graph.tensors[tensor].bytes();
  }
}

}  // namespace

MemoryPlan plan_memory(const Graph &graph, Kernels kernels, int64_t alignment) {
  const Lifetimes lifetimes = lifetimes_of(graph, kernels, alignment);
  const Placement placement = place(lifetimes.blocks, lifetimes.overlays);
  MemoryPlan plan{.arena_bytes = placement.bytes, .offsets = std::vector<int64_t>(graph.tensors.size(), -1)};
  plan.storage = lifetimes.storage;
  for (size_t block = 0; block < lifetimes.blocks.size(); ++block)
    plan.offsets[static_cast<size_t>(lifetimes.owners[block])] = placement.offsets[block];
  place_variables(graph, alignment, plan);
  for (size_t tensor = 0; tensor < graph.tensors.size(); ++tensor)
    plan.offsets[tensor] = plan.offsets[static_cast<size_t>(plan.storage[tensor])];
  for (size_t index = 0; index < graph.nodes.size(); ++index)
    plan.scratch_bytes =
        std::max(plan.scratch_bytes, scratch_of(*kernels[index], NodeView(graph, graph.nodes[index])));
  check_plan(graph, kernels, plan, alignment);
  return plan;
}

}  // namespace whit
