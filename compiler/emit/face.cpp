// SPDX-License-Identifier: Apache-2.0
// NAME.h: the C face of a model, which firmware relies on.
#include <fmt/ranges.h>

#include "compiler/base/identifier.hpp"
#include "compiler/base/text_writer.hpp"
#include "compiler/emit/firmware.hpp"
#include "ops/kernel.hpp"

namespace whit {

namespace {

bool has_scale(const Tensor &tensor) { return tensor.quantization.present() && tensor.type != ElementType::float32; }
bool has_per_tensor_scale(const Tensor &tensor) { return has_scale(tensor) && !tensor.quantization.per_axis(); }

// One scale for each feature of a sample, the innermost axis.
bool has_feature_scales(const Tensor &tensor) {
  return has_scale(tensor) && tensor.quantization.per_axis() && static_cast<size_t>(tensor.quantization.axis) + 1 == tensor.shape.size() &&
         static_cast<int64_t>(tensor.quantization.scales.size()) == tensor.elements();
}

// What a stored 0 stands for, of each feature: in float32 no zero point is fine enough for features far from zero.
std::vector<float> offsets_of(const Quantization &quantization) {
  std::vector<float> offsets;
  for (size_t slice = 0; slice < quantization.scales.size(); ++slice)
    offsets.push_back(static_cast<float>(-static_cast<double>(quantization.scales[slice]) * static_cast<double>(quantization.zero_points[slice])));
  return offsets;
}

std::string literals(const std::vector<float> &values) {
  std::string text;
  for (float value : values) text += (text.empty() ? "" : ", ") + literal(value);
  return "{" + text + "}";
}

void write_port_macros(TextWriter &out, const PlannedModel &model, const Port &port, const std::string &kind) {
  const Tensor &tensor = model.graph.tensor(port.tensor);
  const std::string prefix = upper_case(model.name + "_" + kind + port.suffix);
  out.line("/* \"{}\": {} {} */", comment_text(tensor.name), name_of(tensor.type), text_of(tensor.shape));
  out.line("#define {}_BYTES {}", prefix, tensor.bytes());
  out.line("#define {}_ELEMENTS {}", prefix, tensor.elements());
  out.line("#define {}_RANK {}", prefix, tensor.shape.size());
  out.line("#define {}_SHAPE {{{}}}", prefix, fmt::join(tensor.shape, ", "));
  if (has_per_tensor_scale(tensor)) {
    out.line("#define {}_SCALE {}", prefix, literal(tensor.quantization.scale()));
    out.line("#define {}_ZERO_POINT {}", prefix, tensor.quantization.zero_point());
  }
  if (has_feature_scales(tensor)) {
    out.line("/* Of each feature: real = scale x stored + offset. */");
    out.line("#define {}_SCALES {}", prefix, literals(tensor.quantization.scales));
    out.line("#define {}_OFFSETS {}", prefix, literals(offsets_of(tensor.quantization)));
  }
  out.line();
}

// Memory of the model struct in units of its alignment, so that it needs no attribute of any compiler.
void write_struct(TextWriter &out, const PlannedModel &model) {
  const int64_t alignment = model.target.core.alignment;
  const char *unit = alignment == 1 ? "uint8_t" : alignment == 8 ? "uint64_t" : "uint32_t";
  const auto field = [&](const char *name, int64_t bytes, const char *what) {
    if (bytes > 0) out.line("  {} {}[{}]; /* {}: {} bytes */", unit, name, (bytes + alignment - 1) / alignment, what, bytes);
  };
  out.line("/* The memory of one instance; the caller owns it. Several instances may exist side by side. */");
  out.line("typedef struct {}_model {{", model.name);
  field("arena", model.plan.arena_bytes, "tensors at their peak, input and output included");
  field("scratch", model.plan.scratch_bytes, "working memory of the kernels");
  field("state", model.plan.state_bytes, "what the model remembers from run to run");
  out.line("}} {}_model;", model.name);
  out.line();
}

// Tables that stay in program memory where AVR would copy them to RAM.
void write_table_macros(TextWriter &out, const PlannedModel &model, const Port &port) {
  if (!has_feature_scales(model.graph.tensor(port.tensor))) return;
  const std::string prefix = upper_case(model.name + "_input" + port.suffix);
  out.line("#if defined(__AVR__)");
  out.line("#include <avr/pgmspace.h>");
  out.line("#define {}_TABLE static const float PROGMEM", prefix);
  out.line("#define {}_LOAD(place) pgm_read_float(place)", prefix);
  out.line("#else");
  out.line("#define {}_TABLE static const float", prefix);
  out.line("#define {}_LOAD(place) (*(place))", prefix);
  out.line("#endif");
  out.line();
}

void write_feature_tables(TextWriter &out, const std::string &prefix) {
  for (const auto &[table, values] : {std::pair{"scales", "SCALES"}, std::pair{"offsets", "OFFSETS"}})
    out.line("  {0}_TABLE {1}[] = {0}_{2};", prefix, table, values);
}

void write_quantize(TextWriter &out, const PlannedModel &model, const Port &port) {
  const Tensor &tensor = model.graph.tensor(port.tensor);
  const bool each = has_feature_scales(tensor);
  if ((!each && !has_per_tensor_scale(tensor)) || bits_of(tensor.type) > 16) return;
  const std::string prefix = upper_case(model.name + "_input" + port.suffix);
  const bool is_signed = tensor.type != ElementType::uint8;
  const int64_t span = int64_t{1} << bits_of(tensor.type);
  const int64_t low = is_signed ? -span / 2 : 0;
  out.line("/* {} as the input's stored integer: nearest, halves away from zero, saturating; not-a-number is the lowest. */", each ? "A real value of a feature (0, 1...)" : "A real value");
  out.line("static inline {} {}_quantize_input{}({}float value) {{", c_type_of(tensor.type), model.name, port.suffix, each ? "int32_t feature, " : "");
  if (each) write_feature_tables(out, prefix);
  out.line("  const float scaled = {};", each ? fmt::format("(value - {0}_LOAD(offsets + feature)) / {0}_LOAD(scales + feature)", prefix) : fmt::format("value / {}_SCALE", prefix));
  out.line("  int32_t whole;");
  out.line("  float rest;");
  const int64_t zero = each ? 0 : tensor.quantization.zero_point();
  out.line("  if (!(scaled > {}.0F)) return {};", low - zero, low);
  out.line("  if (!(scaled < {}.0F)) return {};", low + span - 1 - zero, low + span - 1);
  out.line("  whole = (int32_t)scaled;");
  out.line("  rest = scaled - (float)whole;");
  out.line("  whole += (rest >= 0.5F) - (rest <= -0.5F);");
  out.line("  return ({})(whole{});", c_type_of(tensor.type), each ? "" : fmt::format(" + {}_ZERO_POINT", prefix));
  out.line("}}");
  out.line();
}

void write_dequantize(TextWriter &out, const PlannedModel &model, const Port &port) {
  const Tensor &tensor = model.graph.tensor(port.tensor);
  if (!has_per_tensor_scale(tensor) || bits_of(tensor.type) > 16) return;
  const std::string prefix = upper_case(model.name + "_output" + port.suffix);
  out.line("/* The real value of an output's stored integer. */");
  out.line("static inline float {}_dequantize_output{}({} stored) {{", model.name, port.suffix, c_type_of(tensor.type));
  out.line("  return {}_SCALE * (float)((int32_t)stored - {}_ZERO_POINT);", prefix, prefix);
  out.line("}}");
  out.line();
}

void write_functions(TextWriter &out, const PlannedModel &model) {
  const std::string &name = model.name;
  out.line("/* Prepares an instance: before its first run, and whenever it should forget what it remembers. */");
  out.line("void {0}_reset({0}_model *model);", name);
  out.line();
  out.line("/* Where to write the input before each run. Running overwrites it. */");
  for (const Port &port : input_ports(model))
    out.line("{} *{}_input{}({}_model *model);", c_type_of(model.graph.tensor(port.tensor).type), name, port.suffix, name);
  out.line();
  out.line("/* One inference. Needs nothing but the model's memory; cannot fail. */");
  out.line("void {0}_run({0}_model *model);", name);
  out.line();
  out.line("/* Where the output of the last run lies; valid until an input is written. */");
  for (const Port &port : output_ports(model))
    out.line("const {} *{}_output{}(const {}_model *model);", c_type_of(model.graph.tensor(port.tensor).type), name,
             port.suffix, name);
  out.line();
  out.line("/* Runs a fixed input and compares the answer with the compiler's: 0 when this chip agrees, 1 when not. */");
  out.line("int {0}_selftest({0}_model *model);", name);
  out.line();
}

}  // namespace

std::string emit_face(const PlannedModel &model) {
  TextWriter out;
  const std::string upper = upper_case(model.name);
  out.raw(emitted_banner(model, fmt::format("{}.h: the face of the model, for C and C++.", model.name)));
  out.line("#ifndef {}_H", upper);
  out.line("#define {}_H", upper);
  out.line();
  out.line("#include <stdint.h>");
  out.line();
  for (const Port &port : input_ports(model)) write_table_macros(out, model, port);
  out.line("#ifdef __cplusplus");
  out.line("extern \"C\" {{");
  out.line("#endif");
  out.line();
  for (const Port &port : input_ports(model)) write_port_macros(out, model, port, "input");
  for (const Port &port : output_ports(model)) write_port_macros(out, model, port, "output");
  out.line("#define {}_ARENA_BYTES {}", upper, model.plan.arena_bytes);
  out.line("#define {}_SCRATCH_BYTES {}", upper, model.plan.scratch_bytes);
  out.line("#define {}_STATE_BYTES {}", upper, model.plan.state_bytes);
  out.line();
  write_struct(out, model);
  write_functions(out, model);
  for (const Port &port : input_ports(model)) write_quantize(out, model, port);
  for (const Port &port : output_ports(model)) write_dequantize(out, model, port);
  out.line("#ifdef __cplusplus");
  out.line("}}");
  out.line("#endif");
  out.line();
  out.line("#endif");
  return out.text();
}

}  // namespace whit
