// SPDX-License-Identifier: Apache-2.0
// Random instances of every operator, once for each kernel that a core can run and each pair of layouts it declares,
// and many of them as one graph, so that one image holds them. The kernels are given, not chosen: the compiler's cost
// estimates have no say in what is compared.
#pragma once

#include <algorithm>
#include <random>
#include <vector>

#include "compiler/driver/compile.hpp"
#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"
#include "ops/strided.hpp"

namespace whit {

struct Instance {
  Graph graph{};  // one node, its tensors in the kernel's layouts
  const Kernel *kernel = nullptr;

  const Node &node() const { return graph.nodes[0]; }
  NodeView view() const { return {graph, node()}; }
  // "conv2d_dsp, planar 1x5x7x4 to channel_last 1x5x7x8"
  std::string text() const;
};

inline std::string text_of(const Tensor &tensor) {
  return fmt::format("{} {}", name_of(layout_in_memory(tensor)), text_of(tensor.shape));
}

inline std::string Instance::text() const {
  return fmt::format("{}, {} to {}", kernel->name, text_of(view().input(0)), text_of(view().output()));
}

inline std::vector<Layout> layouts_in_memory(const Graph &graph) {
  std::vector<Layout> layouts;
  for (const Tensor &tensor : graph.tensors)
    layouts.push_back(layouts_coincide(tensor.shape) ? Layout::channel_last : layout_in_memory(tensor));
  return layouts;
}

// The graph's node by each kernel that fits and that a core with those features can run.
inline void add_instances(std::vector<Instance> &instances, const Graph &graph, Features features) {
  for (const Kernel &kernel : operator_of(graph.nodes[0]).kernels) {
    const NodeView node(graph, graph.nodes[0]);
    if (!features.includes(kernel.features) || !kernel.fits(node)) continue;
    std::vector<std::vector<Layout>> known;
    for (const LayoutChoice &choice : layouts_of(kernel, node)) {
      Graph each = graph;
      set_layouts(each, choice);
      if (std::ranges::find(known, layouts_in_memory(each)) != known.end()) continue;
      known.push_back(layouts_in_memory(each));
      instances.push_back({.graph = std::move(each), .kernel = &kernel});
    }
  }
}

// Whether some kernel of the operator is for certain cores only.
inline bool has_special_kernels(const OpDef &definition) {
  return std::ranges::any_of(definition.kernels, [](const Kernel &kernel) { return !Features{}.includes(kernel.features); });
}

// How many instances a generator makes: of operators with special kernels, and of those where a chip runs the very
// kernels of the host.
struct InstanceCounts {
  size_t special, portable;
};

// Instances of each generator of each operator; the same for every core as far as its kernels go, and whatever other
// operators there are.
inline std::vector<Instance> random_instances(Features features, InstanceCounts counts, uint32_t seed) {
  std::vector<Instance> instances;
  for (const OpDef *definition : all_operators())
    for (std::mt19937 random(seed); RandomGraph make : definition->random_graphs)
      for (size_t repeat = 0; repeat < (has_special_kernels(*definition) ? counts.special : counts.portable); ++repeat)
        add_instances(instances, make(random), features);
  return instances;
}

inline int64_t bytes_of_tensors(const Graph &graph) {
  int64_t bytes = 0;
  for (const Tensor &tensor : graph.tensors) bytes += tensor.bytes() + default_alignment;
  return bytes;
}

// What instances take of a chip, together at most: all inputs and outputs live at once.
struct Room {
  int64_t tensors = 0, scratch = 0, constants = 0, nodes = 0;

  static Room of(const Instance &instance) {
    Room room{.scratch = scratch_of(*instance.kernel, instance.view()), .nodes = 1};
    for (const Tensor &tensor : instance.graph.tensors)
      if (!tensor.is_constant()) room.tensors += tensor.bytes() + default_alignment;
    for (const auto &body : instance.node().bodies) room.tensors += 2 * bytes_of_tensors(*body);
    if (instance.kernel->call == nullptr) return room;
    const KernelCall call = call_of(*instance.kernel, instance.view());
    room.constants = static_cast<int64_t>(call.parameters.bytes.size()) + 64;  // and the layer's own code
    for (const KernelConstant &constant : call.constants) room.constants += static_cast<int64_t>(constant.bytes.size());
    return room;
  }
  Room with(const Room &other) const {
    return {tensors + other.tensors, std::max(scratch, other.scratch), constants + other.constants, nodes + other.nodes};
  }
  bool within(const Room &limit) const {
    return tensors + scratch <= limit.tensors && constants <= limit.constants && nodes <= limit.nodes;
  }
};

// Cut into images in turn; an instance that is too large by itself is left out.
inline std::vector<std::vector<Instance>> images_of(const std::vector<Instance> &instances, const Room &limit) {
  std::vector<std::vector<Instance>> images;
  Room taken;
  for (const Instance &instance : instances) {
    const Room room = Room::of(instance);
    if (!room.within(limit)) continue;
    if (images.empty() || !taken.with(room).within(limit)) {
      images.emplace_back();
      taken = {};
    }
    taken = taken.with(room);
    images.back().push_back(instance);
  }
  return images;
}

// One graph of all nodes, which share nothing: tensors renumbered, everything else as it was.
inline Graph merged(const std::vector<Instance> &instances) {
  Graph graph{.name = "conformance"};
  for (const Instance &instance : instances) {
    const auto first = static_cast<TensorId>(graph.tensors.size());
    const auto renumber = [&](std::vector<TensorId> ids) {
      for (TensorId &id : ids)
        if (id != no_tensor) id += first;
      return ids;
    };
    const auto append = [](std::vector<TensorId> &to, const std::vector<TensorId> &from) {
      to.insert(to.end(), from.begin(), from.end());
    };
    graph.tensors.insert(graph.tensors.end(), instance.graph.tensors.begin(), instance.graph.tensors.end());
    Node node = instance.node();
    node.inputs = renumber(node.inputs);
    node.outputs = renumber(node.outputs);
    graph.nodes.push_back(std::move(node));
    append(graph.inputs, renumber(instance.graph.inputs));
    append(graph.outputs, renumber(instance.graph.outputs));
  }
  return graph;
}

// Everything decided for those instances in one image.
inline PlannedModel planned(const std::vector<Instance> &instances, const Target &target) {
  PlannedModel model{.name = "conformance", .target = target};
  Choice choice = with_bodies(merged(instances), {.features = target.core.features, .alignment = target.core.alignment});
  for (const Instance &instance : instances) choice.kernels.push_back(instance.kernel);
  const int64_t scratch = choice.plan.scratch_bytes;
  choice.plan = plan_memory(choice.graph, choice.kernels, target.core.alignment);
  choice.plan.scratch_bytes = std::max(choice.plan.scratch_bytes, scratch);
  take_choice(model, std::move(choice));
  return model;
}

}  // namespace whit
