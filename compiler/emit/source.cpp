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

std::string memory_of(const Tensor &tensor) { return tensor.variable ? "state" : "arena"; }

// The offset is in bytes: where a core has no alignment, it need not be a multiple of the element's width.
std::string tensor_expression(const PlannedModel &model, TensorId id, bool written) {
  const Tensor &tensor = model.graph.tensor(id);
  if (tensor.is_constant()) return constant_tensor_name(model, id);
  const std::string bytes = fmt::format("reinterpret_cast<{}int8_t *>(model->{}) + {}", written ? "" : "const ",
                                        memory_of(tensor), offset_of(model, id));
  if (c_type_of(tensor.type) == "int8_t") return bytes;
  return fmt::format("reinterpret_cast<{}{} *>({})", written ? "" : "const ", c_type_of(tensor.type), bytes);
}

std::string argument_expression(const PlannedModel &model, const Layer &layer, const KernelCall &call,
                                const Argument &argument) {
  const Node &node = model.graph.nodes[layer.node];
  switch (argument.kind) {
    case ArgumentKind::parameters: return "&" + parameters_name(model, layer);
    case ArgumentKind::constant: return constant_name(model, layer, call.constants.at(argument.index).name);
    case ArgumentKind::scratch: return "whit::Scratch(model->scratch)";
    case ArgumentKind::input: return tensor_expression(model, node.inputs.at(argument.index), false);
    case ArgumentKind::output: return tensor_expression(model, node.outputs.at(argument.index), true);
  }
  throw InternalError("unknown kind of argument");
}

std::string tensor_comment(const PlannedModel &model, TensorId id) {
  const Tensor &tensor = model.graph.tensor(id);
  const std::string what = fmt::format("{} {}{}", name_of(tensor.type), text_of(tensor.shape),
                                       tensor.layout == Layout::planar ? " planar" : "");
  if (tensor.is_constant()) return fmt::format("\"{}\": {}, constant", comment_text(tensor.name), what);
  return fmt::format("\"{}\": {} at {} {}", comment_text(tensor.name), what, memory_of(tensor), offset_of(model, id));
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

void write_layer(TextWriter &out, const PlannedModel &model, const Layer &layer) {
  const Node &node = model.graph.nodes[layer.node];
  const KernelCall call = model.kernels[layer.node]->call(NodeView(model.graph, node));
  const std::string function = write_function(out, model, layer, call);
  out.line("// Layer {}: {} by {}. From {}.", layer.number, node.op, model.kernels[layer.node]->name,
           node.origin.empty() ? "the compiler" : comment_text(node.origin));
  for (const Argument &argument : call.arguments)
    if (argument.kind == ArgumentKind::input)
      out.raw_line("//   reads " + tensor_comment(model, node.inputs.at(argument.index)));
  for (TensorId id : node.outputs) out.raw_line("//   writes " + tensor_comment(model, id));
  out.line("WHIT_LAYER void {}({}_model *model) {{", layer_name(model, layer), model.name);
  std::string arguments;
  for (const Argument &argument : call.arguments)
    arguments += (arguments.empty() ? "" : ",\n      ") + argument_expression(model, layer, call, argument);
  out.line("  {}(\n      {});", function, arguments);
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
      if (!model.graph.tensor(id).variable)
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

void write_reset(TextWriter &out, const PlannedModel &model) {
  out.line("void {0}_reset({0}_model *model) {{", model.name);
  if (model.plan.state_bytes > 0)
    out.line("  memset(model->state, 0, sizeof model->state);");
  else
    out.line("  (void)model;  // this model remembers nothing");
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

// Without this the compiler would only say that kernels are missing.
void write_core_checks(TextWriter &out, const PlannedModel &model) {
  for (const FeatureCheck &check : feature_checks) {
    const bool is_needed = std::any_of(model.kernels.begin(), model.kernels.end(),
                                       [&](const Kernel *kernel) { return kernel->features.has(check.feature); });
    if (!is_needed) continue;
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
