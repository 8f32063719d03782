// SPDX-License-Identifier: Apache-2.0
// What both drawings of the memory map show.
#include "compiler/plan/map.hpp"

#include <algorithm>

namespace whit {

namespace {

// Names come from the model's file: control characters must reach neither a terminal nor a page.
std::string printable(std::string name) {
  for (char &character : name)
    if (static_cast<unsigned char>(character) < 0x20 || character == 0x7F) character = ' ';
  return name;
}

}  // namespace

std::vector<MapBlock> map_blocks(const Graph &graph, Kernels kernels, const MemoryPlan &plan) {
  const Lifetimes lifetimes = lifetimes_of(graph, kernels, 1);
  std::vector<MapBlock> blocks;
  for (size_t index = 0; index < lifetimes.blocks.size(); ++index) {
    const Block &block = lifetimes.blocks[index];
    const Tensor &tensor = graph.tensor(lifetimes.owners[index]);
    const int64_t begin = plan.offsets[static_cast<size_t>(lifetimes.owners[index])];
    const std::string label =
        block.first < 0 ? "input" : fmt::format("{} {}", block.first, graph.nodes[static_cast<size_t>(block.first)].op);
    blocks.push_back({label, printable(tensor.name), begin, begin + tensor.bytes(), block.first, block.last});
  }
  std::stable_sort(blocks.begin(), blocks.end(),
                   [](const MapBlock &one, const MapBlock &other) { return one.first < other.first; });
  return blocks;
}

std::string grouped(int64_t number) {
  const std::string digits = std::to_string(number);
  std::string result;
  for (size_t index = 0; index < digits.size(); ++index) {
    if (index > 0 && (digits.size() - index) % 3 == 0 && result != "-") result += ',';
    result += digits[index];
  }
  return result;
}

}  // namespace whit
