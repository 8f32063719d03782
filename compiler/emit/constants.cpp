// SPDX-License-Identifier: Apache-2.0
// NAME_constants.hpp: weights, biases and parameters as the kernels want them.
#include <bit>
#include <cmath>
#include <set>

#include "compiler/base/identifier.hpp"
#include "compiler/base/text_writer.hpp"
#include "compiler/emit/firmware.hpp"
#include "compiler/emit/names.hpp"

namespace whit {

namespace {

constexpr size_t longest_line = 116;

// Numbers separated by commas, broken into lines.
class NumberList {
 public:
  explicit NumberList(TextWriter &out) : out_(out) {}
  void add(const std::string &number) {
    if (line_.size() + number.size() + 1 > longest_line) flush();
    line_ += (line_.empty() ? "  " : " ") + number + ",";
  }
  void flush() {
    if (!line_.empty()) out_.raw_line(line_);
    line_.clear();
  }

 private:
  TextWriter &out_;
  std::string line_;
};

// Masks hold infinities.
std::string float_literal(float value) {
  const char *sign = std::signbit(value) ? "-" : "";
  if (std::isinf(value)) return fmt::format("{}__builtin_inff()", sign);
  if (std::isnan(value)) return fmt::format("{}__builtin_nanf(\"{:#x}\")", sign, std::bit_cast<uint32_t>(value) & 0x3FFFFFU);
  return literal(value);
}

// The most negative integers have no literal of their own in C: 2147483648 is not an int.
std::string integer_literal(int64_t value) {
  if (value == INT32_MIN) return "-2147483647 - 1";
  if (value == INT64_MIN) return "-9223372036854775807LL - 1";
  return fmt::format("{}", value);
}

template <typename T>
void write_integers(NumberList &list, const Bytes &bytes) {
  for (T value : values_of<T>(bytes)) list.add(integer_literal(static_cast<int64_t>(value)));
}

void write_values(TextWriter &out, ElementType type, const Bytes &bytes) {
  NumberList list(out);
  switch (type) {
    case ElementType::int4:
    case ElementType::int8: write_integers<int8_t>(list, bytes); break;
    case ElementType::boolean:
    case ElementType::uint8: write_integers<uint8_t>(list, bytes); break;
    case ElementType::int16: write_integers<int16_t>(list, bytes); break;
    case ElementType::int32: write_integers<int32_t>(list, bytes); break;
    case ElementType::int64: write_integers<int64_t>(list, bytes); break;
    case ElementType::float32:
      for (float value : values_of<float>(bytes)) list.add(float_literal(value));
      break;
  }
  list.flush();
}

// Kernels read constants by words where the core has them.
std::string alignment_of(const PlannedModel &model) {
  return model.target.core.alignment > 1 ? fmt::format("alignas({}) ", model.target.core.alignment) : "";
}

void write_array(TextWriter &out, const PlannedModel &model, const std::string &name, ElementType type,
                 const Bytes &bytes, const char *place) {
  const size_t count = bytes.size() * 8 / static_cast<size_t>(std::max(8, bits_of(type)));
  out.line("{}static const {} {}[{}]{} = {{", alignment_of(model), c_type_of(type), name, count, place);
  write_values(out, type, bytes);
  out.line("}};");
}

void write_parameters(TextWriter &out, const PlannedModel &model, const Layer &layer, const KernelParameters &parameters) {
  if (parameters.type_name.empty()) return;
  out.line("static const whit::{} {} WHIT_CONSTANT = {{", parameters.type_name, parameters_name(model, layer));
  std::string line;
  for (const ParameterField &field : parameters.fields) {
    const std::string entry = fmt::format("/* {} */ {}, ", field.name, field.value);
    if (line.size() + entry.size() > longest_line) {
      out.raw_line("  " + line);
      line.clear();
    }
    line += entry;
  }
  if (!line.empty()) out.raw_line("  " + line);
  out.line("}};");
}

void write_layer_constants(TextWriter &out, const PlannedModel &model, const Layer &layer) {
  const NodeView node(model.graph, model.graph.nodes[layer.node]);
  if (model.kernels[layer.node]->call == nullptr) return;
  const KernelCall call = call_of(*model.kernels[layer.node], node);
  out.line("// Layer {}: {}", layer.number, comment_text(node.place()));
  write_parameters(out, model, layer, call.parameters);
  for (const KernelConstant &constant : call.constants)
    write_array(out, model, constant_name(model, layer, constant.name), constant.type, constant.bytes, " WHIT_CONSTANT");
  out.line();
}

// Which inputs the layer's code reads where they lie. A node with bodies copies all of its inputs.
std::vector<size_t> inputs_read_as_data(const Kernel &kernel, const NodeView &node) {
  std::vector<size_t> inputs;
  if (kernel.call == nullptr)
    for (size_t index = 0; index < node.input_count(); ++index) inputs.push_back(index);
  else
    for (const Argument &argument : call_of(kernel, node).arguments)
      if (argument.kind == ArgumentKind::input) inputs.push_back(argument.index);
  return inputs;
}

// Constant tensors that a kernel reads like data; in data memory on every chip, since such kernels read plainly.
std::set<TensorId> constants_read_as_data(const PlannedModel &model) {
  std::set<TensorId> tensors;
  for (const Layer &layer : layers_of(model)) {
    const Node &node = model.graph.nodes[layer.node];
    for (size_t input : inputs_read_as_data(*model.kernels[layer.node], NodeView(model.graph, node)))
      if (model.graph.tensor(node.inputs[input]).is_constant()) tensors.insert(node.inputs[input]);
  }
  for (TensorId output : model.graph.outputs)
    if (model.graph.tensor(output).is_constant()) tensors.insert(output);
  return tensors;
}

void write_constants(TextWriter &out, const PlannedModel &model) {
  for (const Layer &layer : layers_of(model)) {
    write_layer_constants(out, model, layer);
    for (const PlannedModel &body : bodies_of(model, layer)) write_constants(out, body);
  }
  for (TensorId id : constants_read_as_data(model)) {
    const Tensor &tensor = model.graph.tensor(id);
    write_array(out, model, constant_tensor_name(model, id), tensor.type, *tensor.constant, " WHIT_DATA_CONSTANT");
  }
  for (size_t id = 0; id < model.graph.tensors.size(); ++id)
    if (const Tensor &tensor = model.graph.tensors[id]; starts_from_values(tensor))
      write_array(out, model, constant_tensor_name(model, static_cast<TensorId>(id)), tensor.type, *tensor.initial,
                  " WHIT_CONSTANT");
}

}  // namespace

std::string emit_constants(const PlannedModel &model) {
  TextWriter out;
  out.raw(emitted_banner(model, fmt::format("{}_constants.hpp: weights and parameters of each layer.", model.name)));
  write_constants(out, model);
  return out.text();
}

}  // namespace whit
