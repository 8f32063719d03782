// SPDX-License-Identifier: Apache-2.0
// The memory plan: an exact offset for every tensor, decided before the firmware exists.
#pragma once

#include <vector>

#include "compiler/plan/liveness.hpp"

namespace whit {

struct MemoryPlan {
  int64_t arena_bytes = 0;    // all tensors of one run, inputs and outputs included
  int64_t scratch_bytes = 0;  // the most that any one kernel asks for
  int64_t state_bytes = 0;    // all variables
  // Of each tensor: begin in the arena, for a variable (or a view of one) begin in the state block; -1 for constants,
  // views of constants and tensors that nobody uses.
  std::vector<int64_t> offsets{};
  std::vector<TensorId> storage{};  // of each tensor, the tensor whose memory it lies in: itself, or its view's source
};

// What the address of every tensor is a multiple of: enough for word access on 32-bit cores, for floats too.
inline constexpr int64_t default_alignment = 4;

// Plans the graph in the order of its nodes. The result has passed `check_plan`.
MemoryPlan plan_memory(const Graph &graph, Kernels kernels, int64_t alignment = default_alignment);

// Finds every conflict of the plan anew, tensor by tensor, sharing nothing with the planner. InternalError on a breach.
void check_plan(const Graph &graph, Kernels kernels, const MemoryPlan &plan, int64_t alignment = default_alignment);

}  // namespace whit
