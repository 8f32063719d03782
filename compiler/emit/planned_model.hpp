// SPDX-License-Identifier: Apache-2.0
// What the emitter prints: a graph whose kernels, layouts and addresses are decided, and where it comes from.
#pragma once

#include <map>
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

// A node that has code: views have none.
struct Layer {
  size_t number = 0;  // counts layers: the K of NAME_layer_K
  size_t node = 0;    // index into the graph's nodes
};

struct PlannedModel {
  std::string name{};   // a C identifier
  std::string owner{};  // of a body: the name of the model whose memory it works in
  Graph graph{};
  std::vector<const Kernel *> kernels{};  // one a node
  MemoryPlan plan{};
  Target target{};
  Emphasis emphasis = Emphasis::speed;
  Provenance provenance{};
  std::map<TensorId, std::vector<PlannedModel>> bodies{};  // of nodes that have some, by their last output
};

// The choice with the bodies in it as models of their own: theirs are the names that follow from the node's layer, their
// offsets count from the begin of the owner's arena.
void take_choice(PlannedModel &model, Choice choice);
// The bodies of a layer; none for most.
const std::vector<PlannedModel> &bodies_of(const PlannedModel &model, const Layer &layer);

std::vector<Layer> layers_of(const PlannedModel &model);

// Whether the tensor is a variable or a view of one.
bool lies_in_state(const PlannedModel &model, TensorId id);
// Where the tensor begins within the model's struct, in bytes.
int64_t offset_in_struct(const PlannedModel &model, TensorId id);
// A variable that does not begin with zeros.
bool starts_from_values(const Tensor &tensor);

// Inputs and outputs of the face with the suffix of their names: none when there is one, "_tensor" when several.
struct Port {
  TensorId tensor = no_tensor;
  std::string suffix{};  // "" or "_image"
};

std::vector<Port> input_ports(const PlannedModel &model);
std::vector<Port> output_ports(const PlannedModel &model);

}  // namespace whit
