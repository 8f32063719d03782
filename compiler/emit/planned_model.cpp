// SPDX-License-Identifier: Apache-2.0
// Layers and ports of a planned model.
#include "compiler/emit/planned_model.hpp"

#include <set>

#include "compiler/base/identifier.hpp"
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

std::vector<Layer> layers_of(const PlannedModel &model) {
  std::vector<Layer> layers;
  for (size_t node : layer_nodes(model.kernels)) layers.push_back({layers.size(), node});
  return layers;
}

std::vector<Port> input_ports(const PlannedModel &model) { return ports_of(model.graph, model.graph.inputs); }
std::vector<Port> output_ports(const PlannedModel &model) { return ports_of(model.graph, model.graph.outputs); }

}  // namespace whit
