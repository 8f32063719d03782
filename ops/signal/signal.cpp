// SPDX-License-Identifier: Apache-2.0
// Checks that several of the audio front end's operators make.
#include "ops/signal/signal.hpp"

namespace whit {

int64_t limited(const NodeView &node, std::string_view name, int64_t least, int64_t most) {
  const int64_t value = node.attributes().integer(name);
  if (value < least || value > most)
    throw UserError({node.place(), fmt::format("{} {}", name, value), fmt::format("{} to {}", least, most),
                     "the model file may be damaged"});
  return value;
}

std::vector<TensorType> with_states(const NodeView &node, std::vector<TensorType> outputs,
                                    const std::vector<TensorType> &states) {
  bool sound = node.input_count() == 1 + states.size();
  for (size_t index = 0; sound && index < states.size(); ++index) {
    const Tensor &state = node.input(1 + index);
    sound = state.variable && TensorType{state.type, state.shape} == states[index];
    outputs.push_back(states[index]);
  }
  if (!sound)
    throw UserError({node.place(), "no variables for what it remembers", fmt::format("{} variables", states.size()),
                     "the model file may be damaged"});
  return outputs;
}

}  // namespace whit
