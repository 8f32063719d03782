// SPDX-License-Identifier: Apache-2.0
// Checks of attributes and variables, and instances that have them.
#include "ops/states.hpp"

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

Graph random_with_states(RandomGraphBuilder &build, TensorId data, Attributes attributes, States states) {
  std::vector<TensorId> inputs = {data};
  const Node node{.inputs = inputs, .attributes = attributes};
  const Quantization quantization = build.graph().tensor(data).quantization;
  for (const TensorType &state : states(NodeView(build.graph(), node))) {
    const bool counts = state.type == ElementType::int32;
    inputs.push_back(build.variable(state.type, state.shape, counts ? Quantization{} : quantization));
    if (counts) build.graph().tensor(inputs.back()).initial = nullptr;
  }
  return build.finish(std::move(inputs), std::move(attributes));
}

}  // namespace whit
