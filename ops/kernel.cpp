// SPDX-License-Identifier: Apache-2.0
// Defaults of a kernel's optional facts, and exact literals.
#include "ops/kernel.hpp"

#include <algorithm>
#include <cmath>

#include "ops/op_def.hpp"

namespace whit {

namespace {

// Thrown where only the value is known, and told with the node's place.
struct NotFinite {};

}  // namespace

std::string literal(float value) {
  if (!std::isfinite(value)) throw NotFinite();
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

namespace {

int64_t images_of(const NodeView &node) {
  const Shape &shape = node.input(0).shape;
  return shape.size() == 4 && shape[0] > 1 && operator_of(node.node()).image_by_image ? shape[0] : 1;
}

}  // namespace

KernelCall call_of(const Kernel &kernel, const NodeView &node) try {
  KernelCall call = kernel.call(node);
  call.repeats = images_of(node);
  call.input_step = node.input(0).bytes() / call.repeats;
  call.output_step = node.output().bytes() / call.repeats;
  return call;
} catch (const NotFinite &) {
  throw UserError({node.place(), "what follows from its scales and attributes is larger than any float32", "finite parameters",
                   "the model file may be damaged"});
}

void run_on_host(const Kernel &kernel, const KernelCall &call, std::vector<void *> addresses) {
  for (int64_t repeat = 0; repeat < call.repeats; ++repeat) {
    kernel.host(addresses);
    for (size_t index = 0; index < addresses.size(); ++index) {
      const Argument &argument = call.arguments[index];
      if (argument.index != 0) continue;
      if (argument.kind == ArgumentKind::input) addresses[index] = static_cast<uint8_t *>(addresses[index]) + call.input_step;
      if (argument.kind == ArgumentKind::output) addresses[index] = static_cast<uint8_t *>(addresses[index]) + call.output_step;
    }
  }
}

std::vector<LayoutChoice> layouts_of(const Kernel &kernel, const NodeView &node) {
  std::vector<LayoutChoice> choices = kernel.layouts == nullptr ? std::vector<LayoutChoice>(1) : kernel.layouts(node);
  for (LayoutChoice &choice : choices) {
    choice.inputs.resize(node.input_count(), Layout::channel_last);
    choice.outputs.resize(node.output_count(), Layout::channel_last);
  }
  if (images_of(node) == 1) return choices;
  const auto is_planar = [](Layout layout) { return layout == Layout::planar; };
  std::erase_if(choices, [&](const LayoutChoice &choice) {
    return std::ranges::any_of(choice.inputs, is_planar) || std::ranges::any_of(choice.outputs, is_planar);
  });
  internal_check(!choices.empty(), "a kernel that knows planes alone was given several images");
  return choices;
}

int64_t scratch_of(const Kernel &kernel, const NodeView &node) {
  return kernel.scratch == nullptr ? 0 : kernel.scratch(node);
}

std::vector<Overlap> overlap_of(const Kernel &kernel, const NodeView &node) {
  return kernel.overlap == nullptr || images_of(node) > 1 ? std::vector<Overlap>{} : kernel.overlap(node);
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
