// SPDX-License-Identifier: Apache-2.0
// The memory plan to look at: time on one axis, addresses on the other, a rectangle for each stretch of memory.
#pragma once

#include <string>
#include <vector>

#include "compiler/plan/memory.hpp"

namespace whit {

// A stretch of the arena while it holds one tensor (and its views).
struct MapBlock {
  std::string label{};          // who writes it: "input", "3 conv2d"
  std::string tensor{};         // its name in the model
  int64_t begin = 0, end = 0;   // bytes
  int64_t first = 0, last = 0;  // steps: numbers of layers, -1 before the first, their count after the last
};
// In the order in which they are written.
std::vector<MapBlock> map_blocks(const Graph &graph, Kernels kernels, const MemoryPlan &plan);

// Bytes of scratch memory of each layer.
std::vector<int64_t> scratch_of_layers(const Graph &graph, Kernels kernels);

// For the terminal: a row for each layer with the bytes it needs, then a legend.
std::string memory_map_text(const Graph &graph, Kernels kernels, const MemoryPlan &plan);

// For the report: one <svg> element that needs nothing else; tooltips carry names, addresses and lifetimes.
std::string memory_map_svg(const Graph &graph, Kernels kernels, const MemoryPlan &plan);

// "36,864"
std::string grouped(int64_t number);

}  // namespace whit
