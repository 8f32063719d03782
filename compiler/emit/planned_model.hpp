// SPDX-License-Identifier: Apache-2.0
// What the emitter prints: a graph whose kernels, layouts and addresses are decided, and where it comes from.
#pragma once

#include <string>
#include <vector>

#include "compiler/ir/graph.hpp"
#include "compiler/plan/choose.hpp"
#include "compiler/plan/memory.hpp"
#include "compiler/targets/target.hpp"

namespace whit {

// Stands in every emitted file, so that firmware can be traced to what made it.
struct Provenance {
  std::string model_file{};         // file name without folders
  std::string model_fingerprint{};  // FNV-1a 64 of the file
  std::string options{};            // "--target nucleo-l4r5zi --optimize speed"
};

struct PlannedModel {
  std::string name{};  // a C identifier
  Graph graph{};
  std::vector<const Kernel *> kernels{};  // one a node
  MemoryPlan plan{};
  Target target{};
  Emphasis emphasis = Emphasis::speed;
  Provenance provenance{};
};

// A node that has code: views have none.
struct Layer {
  size_t number = 0;  // counts layers: the K of NAME_layer_K
  size_t node = 0;    // index into the graph's nodes
};

std::vector<Layer> layers_of(const PlannedModel &model);

// Inputs and outputs of the face with the suffix of their names: none when there is one, "_tensor" when several.
struct Port {
  TensorId tensor = no_tensor;
  std::string suffix{};  // "" or "_image"
};

std::vector<Port> input_ports(const PlannedModel &model);
std::vector<Port> output_ports(const PlannedModel &model);

}  // namespace whit
