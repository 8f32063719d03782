// SPDX-License-Identifier: Apache-2.0
// One walk over the nodes finds the lifetimes; overlaps apply only where the input really dies.
#include "compiler/plan/liveness.hpp"

#include <algorithm>

namespace whit {

namespace {

// What both overlaps permit.
StorageOverlap intersection(const StorageOverlap &one, const Overlap &other) {
  StorageOverlap both{.storage = one.storage};
  if (one.at_most && other.at_most) both.at_most = std::min(*one.at_most, *other.at_most);
  const auto permits = [](const auto &overlap, int64_t delta) {
    return (overlap.at_most && delta <= *overlap.at_most) ||
           std::find(overlap.exactly.begin(), overlap.exactly.end(), delta) != overlap.exactly.end();
  };
  for (int64_t delta : one.exactly)
    if (permits(other, delta)) both.exactly.push_back(delta);
  for (int64_t delta : other.exactly)
    if (permits(one, delta)) both.exactly.push_back(delta);
  return both;
}

// The kernel's overlap for that input; nothing permitted when it declares none.
Overlap overlap_for(const std::vector<Overlap> &overlaps, size_t input) {
  for (const Overlap &overlap : overlaps)
    if (overlap.input == input) return overlap;
  return {.input = input};
}

class LifetimeBuilder {
 public:
  LifetimeBuilder(const Graph &graph, Kernels kernels, int64_t alignment)
      : graph_(graph), kernels_(kernels), alignment_(alignment), block_of_(graph.tensors.size(), no_block) {
    result_.storage = storage_of(graph, views_of(kernels));
  }

  Lifetimes build() {
    for (TensorId input : graph_.inputs) begin(input, -1);
    for (size_t index = 0; index < graph_.nodes.size(); ++index) {
      const auto step = static_cast<int64_t>(index);
      for (TensorId output : graph_.nodes[index].outputs) begin(output, step);
      for (TensorId input : graph_.nodes[index].inputs) extend(input, step);
    }
    for (TensorId output : graph_.outputs) extend(output, static_cast<int64_t>(graph_.nodes.size()));
    for (size_t index = 0; index < graph_.nodes.size(); ++index) add_overlays(index);
    return std::move(result_);
  }

 private:
  static constexpr size_t no_block = static_cast<size_t>(-1);

  size_t &block_of(TensorId tensor) {
    return block_of_[static_cast<size_t>(result_.storage[static_cast<size_t>(tensor)])];
  }

  void begin(TensorId tensor, int64_t step) {
    if (result_.storage[static_cast<size_t>(tensor)] != tensor || !in_arena(graph_.tensor(tensor))) return;
    if (block_of(tensor) != no_block) return;
    block_of(tensor) = result_.blocks.size();
    result_.owners.push_back(tensor);
    result_.blocks.push_back({graph_.tensor(tensor).bytes(), step, step, alignment_});
  }

  void extend(TensorId tensor, int64_t step) {
    if (tensor == no_tensor || block_of(tensor) == no_block) return;
    int64_t &last = result_.blocks[block_of(tensor)].last;
    last = std::max(last, step);
  }

  void add_overlays(size_t index) {
    if (kernels_[index]->view) return;
    const NodeView node(graph_, graph_.nodes[index]);
    for (const StorageOverlap &overlap : storage_overlaps(*kernels_[index], node, result_.storage)) {
      const size_t output = block_of(node.node().outputs[0]), input = block_of(overlap.storage);
      if (output == no_block || result_.blocks[input].last != static_cast<int64_t>(index)) continue;
      result_.overlays.push_back({output, input, overlap.at_most, overlap.exactly});
    }
  }

  const Graph &graph_;
  Kernels kernels_;
  int64_t alignment_;
  std::vector<size_t> block_of_;  // of each tensor that is its own storage
  Lifetimes result_{};
};

}  // namespace

std::vector<bool> views_of(Kernels kernels) {
  std::vector<bool> views;
  for (const Kernel *kernel : kernels) views.push_back(kernel->view);
  return views;
}

bool in_arena(const Tensor &tensor) { return !tensor.is_constant() && !tensor.variable; }

std::vector<TensorId> storage_of(const Graph &graph, const std::vector<bool> &is_view) {
  std::vector<TensorId> storage;
  for (size_t tensor = 0; tensor < graph.tensors.size(); ++tensor) storage.push_back(static_cast<TensorId>(tensor));
  for (size_t index = 0; index < graph.nodes.size(); ++index)
    if (is_view[index])
      storage[static_cast<size_t>(graph.nodes[index].outputs[0])] =
          storage[static_cast<size_t>(graph.nodes[index].inputs[0])];
  return storage;
}

std::vector<StorageOverlap> storage_overlaps(const Kernel &kernel, const NodeView &node,
                                             const std::vector<TensorId> &storage) {
  const std::vector<Overlap> declared = overlap_of(kernel, node);
  std::vector<StorageOverlap> result;
  for (size_t index = 0; index < node.input_count(); ++index) {
    if (!node.has_input(index)) continue;
    const TensorId source = storage[static_cast<size_t>(node.node().inputs[index])];
    if (!in_arena(node.graph().tensor(source))) continue;
    const Overlap overlap = overlap_for(declared, index);
    const auto found = std::find_if(result.begin(), result.end(),
                                    [&](const StorageOverlap &other) { return other.storage == source; });
    if (found == result.end())
      result.push_back({source, overlap.at_most, overlap.exactly});
    else
      *found = intersection(*found, overlap);
  }
  std::erase_if(result, [](const StorageOverlap &overlap) { return !overlap.at_most && overlap.exactly.empty(); });
  return result;
}

Lifetimes lifetimes_of(const Graph &graph, Kernels kernels, int64_t alignment) {
  internal_check(kernels.size() == graph.nodes.size(), "{} kernels for {} nodes", kernels.size(), graph.nodes.size());
  return LifetimeBuilder(graph, kernels, alignment).build();
}

}  // namespace whit
