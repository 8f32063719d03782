// SPDX-License-Identifier: Apache-2.0
// Layers and ports of a planned model.
#include "compiler/emit/planned_model.hpp"

#include <algorithm>
#include <set>

#include "compiler/base/identifier.hpp"
#include "compiler/emit/names.hpp"
#include "compiler/plan/layers.hpp"

namespace whit {

namespace {

std::vector<Port> ports_of(const Graph &graph, const std::vector<TensorId> &tensors) {
  std::vector<Port> ports;
  std::set<std::string> taken;
  for (TensorId id : tensors) {
    std::string suffix;
    if (tensors.size() > 1) {
      const std::string base = "_" + identifier_of(graph.tensor(id).name);
      suffix = base;
      for (int copy = 2; !taken.insert(suffix).second; ++copy) suffix = fmt::format("{}_{}", base, copy);
    }
    ports.push_back({id, suffix});
  }
  return ports;
}

}  // namespace

void take_choice(PlannedModel &model, Choice choice) {
  model.graph = std::move(choice.graph);
  model.kernels = std::move(choice.kernels);
  model.plan = std::move(choice.plan);
  for (const Layer &layer : layers_of(model)) {
    const auto found = choice.bodies.find(model.graph.nodes[layer.node].outputs.back());
    if (found == choice.bodies.end()) continue;
    const std::vector<TensorId> &outputs = model.graph.nodes[layer.node].outputs;
    const auto offset_of_last = [&](size_t back) { return model.plan.offsets.at(static_cast<size_t>(outputs.at(outputs.size() - back))); };
    const int64_t workspace = offset_of_last(1), alignment = model.target.core.alignment;
    int64_t state = 0;  // within the variable that holds those of the bodies
    for (Choice &each : found->second) {
      const int64_t variables = each.plan.state_bytes == 0 ? 0 : offset_of_last(2) + align_up(state, alignment);
      state = align_up(state, alignment) + each.plan.state_bytes;
      for (size_t id = 0; id < each.graph.tensors.size(); ++id) {
        const bool remembered = each.graph.tensor(each.plan.storage[id]).variable;
        if (each.plan.offsets[id] >= 0) each.plan.offsets[id] += remembered ? variables : workspace;
      }
      std::vector<PlannedModel> &bodies = model.bodies[found->first];
      PlannedModel body{.name = fmt::format("{}_body_{}", layer_name(model, layer), bodies.size()),
                        .owner = struct_owner(model), .target = model.target, .emphasis = model.emphasis};
      take_choice(body, std::move(each));
      bodies.push_back(std::move(body));
    }
  }
}

const std::vector<PlannedModel> &bodies_of(const PlannedModel &model, const Layer &layer) {
  static const std::vector<PlannedModel> none;
  const std::vector<TensorId> &outputs = model.graph.nodes[layer.node].outputs;
  const auto found = outputs.empty() ? model.bodies.end() : model.bodies.find(outputs.back());
  return found == model.bodies.end() ? none : found->second;
}

std::vector<Layer> layers_of(const PlannedModel &model) {
  std::vector<Layer> layers;
  for (size_t node : layer_nodes(model.kernels)) layers.push_back({layers.size(), node});
  return layers;
}

bool lies_in_state(const PlannedModel &model, TensorId id) {
  return model.graph.tensor(model.plan.storage.at(static_cast<size_t>(id))).variable;
}

int64_t offset_in_struct(const PlannedModel &model, TensorId id) {
  const int64_t alignment = model.target.core.alignment, offset = model.plan.offsets.at(static_cast<size_t>(id));
  if (!lies_in_state(model, id)) return offset;
  return align_up(model.plan.arena_bytes, alignment) + align_up(model.plan.scratch_bytes, alignment) + offset;
}

bool starts_from_values(const Tensor &tensor) {
  return tensor.variable && tensor.initial != nullptr &&
         std::any_of(tensor.initial->begin(), tensor.initial->end(), [](uint8_t byte) { return byte != 0; });
}

std::vector<Port> input_ports(const PlannedModel &model) { return ports_of(model.graph, model.graph.inputs); }
std::vector<Port> output_ports(const PlannedModel &model) { return ports_of(model.graph, model.graph.outputs); }

}  // namespace whit
