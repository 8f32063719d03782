// SPDX-License-Identifier: Apache-2.0
// The choice of one kernel for every node, one layout for every tensor, and the order of the nodes.
//
// Layouts tie the kernels of neighbours together, so the choice is made for the whole graph: dynamic programming along
// the nodes, whose state is the layouts of the tensors that live between two nodes. Beside the cost it carries the
// memory that the busiest node needs, so that among choices of nearly the same cost the smallest arena wins.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "compiler/ir/graph.hpp"
#include "compiler/plan/memory.hpp"
#include "ops/features.hpp"
#include "ops/kernel.hpp"

namespace whit {

// What the user wants least of: cycles, bytes of flash, both, bytes of RAM.
enum class Emphasis { speed, size, balanced, ram };
std::string_view name_of(Emphasis emphasis);
std::optional<Emphasis> emphasis_named(std::string_view name);

struct ChooseOptions {
  Features features{};
  Emphasis emphasis = Emphasis::speed;
  std::optional<int64_t> most_scratch{};  // kernels that want more scratch memory are left out
  int64_t alignment = default_alignment;
  // The kernels that compete for a node, best first. Default: those of its operator.
  std::function<std::span<const Kernel>(const Node &)> kernels_of{};
};

struct Choice {
  Graph graph{};  // nodes in the order to run, every tensor with its layout
  std::vector<const Kernel *> kernels{};
  MemoryPlan plan{};
  // What the bodies of a node decided, by the node's workspace: an output more, behind all others, which all its bodies
  // have their arenas in.
  std::map<TensorId, std::vector<Choice>> bodies{};
};

// The graph with a workspace for each node that has bodies, before it a variable for those of the bodies if they have any
// (body after body, each aligned), and the choices for the bodies.
Choice with_bodies(const Graph &graph, const ChooseOptions &options);

// UserError, with all nodes that no kernel fits.
Choice choose(const Graph &graph, const ChooseOptions &options);

}  // namespace whit
