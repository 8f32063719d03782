// SPDX-License-Identifier: Apache-2.0
// NAME.cpp: one function a layer, and the run that calls them in order. All addresses are literals.
#include <algorithm>

#include "compiler/base/identifier.hpp"
#include "compiler/base/text_writer.hpp"
#include "compiler/emit/firmware.hpp"
#include "compiler/emit/names.hpp"

namespace whit {

namespace {

int64_t offset_of(const PlannedModel &model, TensorId id) { return model.plan.offsets.at(static_cast<size_t>(id)); }

// A view lies where its source lies.
std::string memory_of(const PlannedModel &model, TensorId id) { return lies_in_state(model, id) ? "state" : "arena"; }

// The offset is in bytes: where a core has no alignment, it need not be a multiple of the element's width.
// `further`: " + ..." bytes to add.
std::string tensor_expression(const PlannedModel &model, TensorId id, bool written, const std::string &further = "") {
  const Tensor &tensor = model.graph.tensor(id);
  if (tensor.is_constant() && further.empty()) return constant_tensor_name(model, id);
  const std::string begin = tensor.is_constant() ? fmt::format("({})", constant_tensor_name(model, id))
                                                 : fmt::format("(model->{}) + {}", memory_of(model, id), offset_of(model, id));
  const std::string bytes = fmt::format("reinterpret_cast<{}int8_t *>{}{}", written ? "" : "const ", begin, further);
  if (c_type_of(tensor.type) == "int8_t") return bytes;
  return fmt::format("reinterpret_cast<{}{} *>({})", written ? "" : "const ", c_type_of(tensor.type), bytes);
}

std::string argument_expression(const PlannedModel &model, const Layer &layer, const KernelCall &call,
                                const Argument &argument) {
  const Node &node = model.graph.nodes[layer.node];
  const auto further = [&](int64_t step) {
    return call.repeats > 1 && argument.index == 0 ? fmt::format(" + repeat * {}", step) : std::string();
  };
  switch (argument.kind) {
    case ArgumentKind::parameters: return "&" + parameters_name(model, layer);
    case ArgumentKind::constant: return constant_name(model, layer, call.constants.at(argument.index).name);
    case ArgumentKind::scratch: return "whit::Scratch(model->scratch)";
    case ArgumentKind::input: return tensor_expression(model, node.inputs.at(argument.index), false, further(call.input_step));
    case ArgumentKind::output: return tensor_expression(model, node.outputs.at(argument.index), true, further(call.output_step));
  }
  throw InternalError("unknown kind of argument");
}

std::string tensor_comment(const PlannedModel &model, TensorId id) {
  const Tensor &tensor = model.graph.tensor(id);
  const std::string what = fmt::format("{} {}{}", name_of(tensor.type), text_of(tensor.shape),
                                       tensor.layout == Layout::planar ? " planar" : "");
  if (tensor.is_constant()) return fmt::format("\"{}\": {}, constant", comment_text(tensor.name), what);
  return fmt::format("\"{}\": {} at {} {}", comment_text(tensor.name), what, memory_of(model, id), offset_of(model, id));
}

// The function of a kernel that is made for its node, and what the layer calls.
std::string write_function(TextWriter &out, const PlannedModel &model, const Layer &layer, const KernelCall &call) {
  if (call.definition.empty()) return "whit::" + call.function;
  const std::string name = code_name(model, layer);
  out.line("namespace whit {{");
  out.raw("WHIT_INLINE void " + name + call.definition);
  out.line("}}  // namespace whit");
  return "whit::" + name;
}

void write_head(TextWriter &out, const PlannedModel &model, const Layer &layer) {
  const Node &node = model.graph.nodes[layer.node];
  out.line("// Layer {}: {} by {}. From {}.", layer.number, node.op, model.kernels[layer.node]->name,
           node.origin.empty() ? "the compiler" : comment_text(node.origin));
}

// From one model's tensors to another's, of which one is a body of the other; or within one, where they are two.
struct Side {
  const PlannedModel &model;
  const std::vector<TensorId> &tensors;
};

void write_copies(TextWriter &out, const char *indent, const Side &from, const Side &to, size_t first = 0) {
  for (size_t index = 0; index + first < from.tensors.size() && index < to.tensors.size(); ++index) {
    const TensorId source = from.tensors[index + first], target = to.tensors[index];
    if (&from.model == &to.model && source == target) continue;
    out.line("{}memcpy({}, {}, {});", indent, tensor_expression(to.model, target, true),
             tensor_expression(from.model, source, false), to.model.graph.tensor(target).bytes());
  }
}

void write_calls(TextWriter &out, const char *indent, const PlannedModel &model) {
  for (const Layer &layer : layers_of(model)) out.line("{}{}(model);", indent, layer_name(model, layer));
}

std::string truth(const PlannedModel &model, TensorId id) { return fmt::format("*({})", tensor_expression(model, id, false)); }

void write_branch(TextWriter &out, const PlannedModel &model, const Node &node, const std::vector<PlannedModel> &bodies) {
  for (size_t index = 0; index < bodies.size(); ++index) {
    out.line("{}", index == 0 ? fmt::format("  if ({} != 0) {{", truth(model, node.inputs[0])) : "  } else {");
    write_copies(out, "    ", {model, node.inputs}, {bodies[index], bodies[index].graph.inputs}, 1);
    write_calls(out, "    ", bodies[index]);
    write_copies(out, "    ", {bodies[index], bodies[index].graph.outputs}, {model, node.outputs});
  }
  out.line("  }}");
}

// The node's outputs carry the values from turn to turn.
void write_loop(TextWriter &out, const PlannedModel &model, const Node &node, const std::vector<PlannedModel> &bodies) {
  const PlannedModel &condition = bodies[0], &body = bodies[1];
  write_copies(out, "  ", {model, node.inputs}, {model, node.outputs});
  out.line("  for (;;) {{");
  write_copies(out, "    ", {model, node.outputs}, {condition, condition.graph.inputs});
  write_calls(out, "    ", condition);
  out.line("    if ({} == 0) break;", truth(condition, condition.graph.outputs[0]));
  write_copies(out, "    ", {model, node.outputs}, {body, body.graph.inputs});
  write_calls(out, "    ", body);
  write_copies(out, "    ", {body, body.graph.outputs}, {model, node.outputs});
  out.line("  }}");
}

void write_layer(TextWriter &out, const PlannedModel &model, const Layer &layer);

// Bodies first, then what runs them.
void write_control(TextWriter &out, const PlannedModel &model, const Layer &layer) {
  const Node &node = model.graph.nodes[layer.node];
  const std::vector<PlannedModel> &bodies = bodies_of(model, layer);
  for (const PlannedModel &body : bodies)
    for (const Layer &each : layers_of(body)) write_layer(out, body, each);
  write_head(out, model, layer);
  out.line("WHIT_LAYER void {}({}_model *model) {{", layer_name(model, layer), struct_owner(model));
  if (model.kernels[layer.node]->control == Control::branch)
    write_branch(out, model, node, bodies);
  else
    write_loop(out, model, node, bodies);
  out.line("}}");
  out.line();
}

void write_layer(TextWriter &out, const PlannedModel &model, const Layer &layer) {
  if (model.kernels[layer.node]->control != Control::none) return write_control(out, model, layer);
  const Node &node = model.graph.nodes[layer.node];
  const KernelCall call = call_of(*model.kernels[layer.node], NodeView(model.graph, node));
  const std::string function = write_function(out, model, layer, call);
  write_head(out, model, layer);
  for (const Argument &argument : call.arguments)
    if (argument.kind == ArgumentKind::input)
      out.raw_line("//   reads " + tensor_comment(model, node.inputs.at(argument.index)));
  for (TensorId id : node.outputs) out.raw_line("//   writes " + tensor_comment(model, id));
  out.line("WHIT_LAYER void {}({}_model *model) {{", layer_name(model, layer), struct_owner(model));
  std::string arguments;
  for (const Argument &argument : call.arguments)
    arguments += (arguments.empty() ? "" : ",\n      ") + argument_expression(model, layer, call, argument);
  if (call.repeats > 1) out.line("  for (int32_t repeat = 0; repeat < {}; ++repeat)", call.repeats);
  out.line("  {}{}(\n      {});", call.repeats > 1 ? "  " : "", function, arguments);
  out.line("}}");
  out.line();
}

// The plan, as facts the user's own compiler checks.
void write_plan_checks(TextWriter &out, const PlannedModel &model) {
  const std::string upper = upper_case(model.name);
  const int64_t alignment = model.target.core.alignment;
  const auto padded = [&](int64_t bytes) { return (bytes + alignment - 1) / alignment * alignment; };
  out.line("static_assert(sizeof({}_model) == {}, \"the model's memory is exactly what was planned\");", model.name,
           padded(model.plan.arena_bytes) + padded(model.plan.scratch_bytes) + padded(model.plan.state_bytes));
  for (const Layer &layer : layers_of(model))
    for (TensorId id : model.graph.nodes[layer.node].outputs)
      if (!lies_in_state(model, id))
        out.line("static_assert({} + {} <= {}_ARENA_BYTES, \"layer {} writes inside the arena\");", offset_of(model, id),
                 model.graph.tensor(id).bytes(), upper, layer.number);
  out.line();
}

void write_accessors(TextWriter &out, const PlannedModel &model) {
  for (const Port &port : input_ports(model))
    out.line("{} *{}_input{}({}_model *model) {{ return {}; }}", c_type_of(model.graph.tensor(port.tensor).type),
             model.name, port.suffix, model.name, tensor_expression(model, port.tensor, true));
  for (const Port &port : output_ports(model))
    out.line("const {} *{}_output{}(const {}_model *model) {{ return {}; }}",
             c_type_of(model.graph.tensor(port.tensor).type), model.name, port.suffix, model.name,
             tensor_expression(model, port.tensor, false));
  out.line();
}

// What differs from zero: one byte over and over, or values in program memory.
void write_initial(TextWriter &out, const PlannedModel &model, TensorId id) {
  const Tensor &tensor = model.graph.tensor(id);
  const std::string place = tensor_expression(model, id, true);
  const Bytes &initial = *tensor.initial;
  if (std::all_of(initial.begin(), initial.end(), [&](uint8_t byte) { return byte == initial[0]; }))
    out.line("  memset({}, {}, {});", place, initial[0], initial.size());
  else
    out.line("  for (uint32_t i = 0; i < {}; ++i) ({})[i] = load({} + i);", tensor.elements(), place,
             constant_tensor_name(model, id));
}

void write_reset(TextWriter &out, const PlannedModel &model) {
  out.line("void {0}_reset({0}_model *model) {{", model.name);
  if (model.plan.state_bytes > 0)
    out.line("  memset(model->state, 0, sizeof model->state);");
  else
    out.line("  (void)model;  // this model remembers nothing");
  for (size_t id = 0; id < model.graph.tensors.size(); ++id)
    if (starts_from_values(model.graph.tensors[id])) write_initial(out, model, static_cast<TensorId>(id));
  out.line("}}");
  out.line();
}

void write_run(TextWriter &out, const PlannedModel &model) {
  const std::vector<Layer> layers = layers_of(model);
  out.line("void {0}_run({0}_model *model) {{", model.name);
  for (const Layer &layer : layers) out.line("  {}(model);", layer_name(model, layer));
  if (layers.empty()) out.line("  (void)model;");
  out.line("}}");
}

// Users compile as they like (Arduino with -Os); what was measured is -O2.
void write_optimisation(TextWriter &out, const PlannedModel &model) {
  const bool wants_size = model.emphasis == Emphasis::size;
  out.line("#if defined(__GNUC__) && !defined(__clang__) && {}",
           wants_size ? "!defined(__OPTIMIZE__)" : "(!defined(__OPTIMIZE__) || defined(__OPTIMIZE_SIZE__))");
  out.line("#pragma GCC optimize(\"O2\")  // as it was measured; unoptimised, kernels written in registers do not even fit their frame");
  out.line("#endif");
  out.line();
}

// What the compiler defines where the core has a feature, and how people call it.
struct FeatureCheck {
  Feature feature;
  const char *macro, *name;
};
constexpr FeatureCheck feature_checks[] = {{Feature::dsp, "__ARM_FEATURE_DSP", "the Arm DSP instructions"},
                                           {Feature::mve, "__ARM_FEATURE_MVE", "Arm's Helium vectors"}};

bool uses(const PlannedModel &model, Feature feature) {
  const auto kernel_uses = [&](const Kernel *kernel) { return kernel->features.has(feature); };
  const auto body_uses = [&](const auto &entry) {
    return std::any_of(entry.second.begin(), entry.second.end(), [&](const PlannedModel &body) { return uses(body, feature); });
  };
  return std::any_of(model.kernels.begin(), model.kernels.end(), kernel_uses) ||
         std::any_of(model.bodies.begin(), model.bodies.end(), body_uses);
}

// Without this the compiler would only say that kernels are missing.
void write_core_checks(TextWriter &out, const PlannedModel &model) {
  for (const FeatureCheck &check : feature_checks) {
    if (!uses(model, check.feature)) continue;
    out.line("#if !defined({})", check.macro);
    out.line("#error \"made for {}, whose core has {}: choose that core (-mcpu=...), or compile the model for another target\"",
             model.target.name, check.name);
    out.line("#endif");
    out.line();
  }
}

}  // namespace

std::string emit_source(const PlannedModel &model) {
  TextWriter out;
  out.raw(emitted_banner(model, fmt::format("{}.cpp: the model, layer by layer.", model.name)));
  write_core_checks(out, model);
  write_optimisation(out, model);
  out.line("#include \"{}.h\"", model.name);
  out.line("#include \"{}_kernels.hpp\"", model.name);
  out.line("#include \"{}_constants.hpp\"", model.name);
  out.line();
  out.line("using namespace whit;  // kernels name their template arguments plainly");
  out.line();
  write_plan_checks(out, model);
  out.line("extern \"C\" {{");
  out.line();
  for (const Layer &layer : layers_of(model)) write_layer(out, model, layer);
  write_reset(out, model);
  write_accessors(out, model);
  write_run(out, model);
  out.line();
  out.line("}}  // extern \"C\"");
  return out.text();
}

}  // namespace whit
