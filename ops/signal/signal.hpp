// SPDX-License-Identifier: Apache-2.0
// What the audio front end's operators have in common, and the variables of those that see a stream in pieces.
#pragma once

#include "ops/op_def.hpp"

namespace whit {

// The definition with what holds for all of them: as many inputs as given, numbers without scales.
consteval OpDef signal_operator(size_t inputs, OpDef definition) {
  definition.least_inputs = definition.most_inputs = inputs;
  definition.quantization = QuantizationRule::convert;
  return complete(definition);
}

// The integer attribute. UserError where it is not within those limits.
int64_t limited(const NodeView &node, std::string_view name, int64_t least, int64_t most);

// What a node of that operator keeps from run to run, by its data (input 0) and attributes: its variables, which are its
// inputs after the data and its last outputs. UserError where data and attributes make no sense.
std::vector<TensorType> framer_states(const NodeView &node);
std::vector<TensorType> delay_states(const NodeView &node);
std::vector<TensorType> stacker_states(const NodeView &node);
std::vector<TensorType> overlap_add_states(const NodeView &node);
std::vector<TensorType> spectral_subtraction_states(const NodeView &node);

// The outputs, and after them the variables, once the node's inputs are such. UserError where they are not.
std::vector<TensorType> with_states(const NodeView &node, std::vector<TensorType> outputs,
                                    const std::vector<TensorType> &states);

}  // namespace whit
