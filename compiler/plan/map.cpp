// SPDX-License-Identifier: Apache-2.0
// What both drawings of the memory map show.
#include "compiler/plan/map.hpp"

#include <algorithm>

#include "compiler/plan/layers.hpp"

namespace whit {

namespace {

// Names come from the model's file: control characters must reach neither a terminal nor a page.
std::string printable(std::string name) {
  for (char &character : name)
    if (static_cast<unsigned char>(character) < 0x20 || character == 0x7F) character = ' ';
  return name;
}

// Layers that begin before the node: the number of its own layer, if it has one.
int64_t layers_before(const std::vector<size_t> &layers, int64_t node) {
  return std::lower_bound(layers.begin(), layers.end(), static_cast<size_t>(node)) - layers.begin();
}

// The layer that needs a block last: a view reads nothing itself.
int64_t last_layer(const std::vector<size_t> &layers, Kernels kernels, int64_t node) {
  const bool is_view = node < static_cast<int64_t>(kernels.size()) && kernels[static_cast<size_t>(node)]->view;
  return layers_before(layers, node) - (is_view ? 1 : 0);
}

}  // namespace

std::vector<MapBlock> map_blocks(const Graph &graph, Kernels kernels, const MemoryPlan &plan) {
  const std::vector<size_t> layers = layer_nodes(kernels);
  const Lifetimes lifetimes = lifetimes_of(graph, kernels, 1);
  std::vector<MapBlock> blocks;
  for (size_t index = 0; index < lifetimes.blocks.size(); ++index) {
    const Block &block = lifetimes.blocks[index];
    const Tensor &tensor = graph.tensor(lifetimes.owners[index]);
    const int64_t begin = plan.offsets[static_cast<size_t>(lifetimes.owners[index])];
    const int64_t first = block.first < 0 ? -1 : layers_before(layers, block.first);
    const int64_t last = block.last < 0 ? -1 : std::max(first, last_layer(layers, kernels, block.last));
    const std::string label = first < 0 ? "input" : fmt::format("{} {}", first, graph.nodes[static_cast<size_t>(block.first)].op);
    blocks.push_back({label, printable(tensor.name), begin, begin + tensor.bytes(), first, last});
  }
  std::stable_sort(blocks.begin(), blocks.end(),
                   [](const MapBlock &one, const MapBlock &other) { return one.first < other.first; });
  return blocks;
}

std::vector<int64_t> scratch_of_layers(const Graph &graph, Kernels kernels) {
  std::vector<int64_t> bytes;
  for (size_t node : layer_nodes(kernels)) bytes.push_back(scratch_of(*kernels[node], NodeView(graph, graph.nodes[node])));
  return bytes;
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
