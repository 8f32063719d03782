// SPDX-License-Identifier: Apache-2.0
// Defaults of a kernel's optional facts, and exact literals.
#include "ops/kernel.hpp"

#include <cmath>

namespace whit {

std::string literal(float value) {
  internal_check(std::isfinite(value), "a parameter is not finite");
  std::string text = fmt::format("{:.9g}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text + "F";
}

std::vector<void *> addresses_of(KernelCall &call, std::span<void *const> inputs, std::span<void *const> outputs,
                                 void *scratch) {
  std::vector<void *> addresses;
  for (const Argument &argument : call.arguments) switch (argument.kind) {
      case ArgumentKind::parameters: addresses.push_back(call.parameters.bytes.data()); break;
      case ArgumentKind::input: addresses.push_back(inputs[argument.index]); break;
      case ArgumentKind::output: addresses.push_back(outputs[argument.index]); break;
      case ArgumentKind::constant: addresses.push_back(call.constants.at(argument.index).bytes.data()); break;
      case ArgumentKind::scratch: addresses.push_back(scratch); break;
    }
  return addresses;
}

std::vector<LayoutChoice> layouts_of(const Kernel &kernel, const NodeView &node) {
  std::vector<LayoutChoice> choices = kernel.layouts == nullptr ? std::vector<LayoutChoice>(1) : kernel.layouts(node);
  for (LayoutChoice &choice : choices) {
    choice.inputs.resize(node.input_count(), Layout::channel_last);
    choice.outputs.resize(node.output_count(), Layout::channel_last);
  }
  return choices;
}

int64_t scratch_of(const Kernel &kernel, const NodeView &node) {
  return kernel.scratch == nullptr ? 0 : kernel.scratch(node);
}

std::vector<Overlap> overlap_of(const Kernel &kernel, const NodeView &node) {
  return kernel.overlap == nullptr ? std::vector<Overlap>{} : kernel.overlap(node);
}

std::vector<LayoutChoice> any_same_layout(const NodeView &node) {
  std::vector<LayoutChoice> choices;
  for (Layout layout : {Layout::channel_last, Layout::planar})
    choices.push_back({std::vector(node.input_count(), layout), std::vector(node.output_count(), layout)});
  return choices;
}

bool runs_planar(const NodeView &node) {
  const auto shows = [](const Tensor &tensor) {
    return tensor.layout == Layout::planar && !layouts_coincide(tensor.shape);
  };
  return shows(node.input(0)) || shows(node.output());
}

std::vector<Overlap> in_place(const NodeView &) { return {{.input = 0, .exactly = {0}}}; }

std::vector<Overlap> elementwise_overlap(const NodeView &node) {
  std::vector<Overlap> overlaps;
  for (size_t index = 0; index < node.input_count(); ++index)
    if (node.has_input(index) && !node.input(index).is_constant() &&
        node.input(index).bytes() == node.output().bytes())
      overlaps.push_back({.input = index, .at_most = 0});
  return overlaps;
}

}  // namespace whit
