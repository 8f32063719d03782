// SPDX-License-Identifier: Apache-2.0
// What the audio front end's operators have in common, and the variables of those that see a stream in pieces.
#pragma once

#include "ops/states.hpp"

namespace whit {

// The definition with what holds for all of them: as many inputs as given, numbers without scales.
consteval OpDef signal_operator(size_t inputs, OpDef definition) {
  definition.least_inputs = definition.most_inputs = inputs;
  definition.quantization = QuantizationRule::convert;
  return complete(definition);
}

// What nodes of these operators keep from run to run (`States`).
std::vector<TensorType> framer_states(const NodeView &node);
std::vector<TensorType> delay_states(const NodeView &node);
std::vector<TensorType> stacker_states(const NodeView &node);
std::vector<TensorType> overlap_add_states(const NodeView &node);
std::vector<TensorType> spectral_subtraction_states(const NodeView &node);

}  // namespace whit
