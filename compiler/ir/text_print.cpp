// SPDX-License-Identifier: Apache-2.0
// The printer: inputs first, then each node with the constants it is the first to read, so that a graph whose tensors
// are numbered in that order needs no explicit numbers.
#include <map>

#include <fmt/ranges.h>

#include "compiler/base/error.hpp"
#include "compiler/ir/text.hpp"
#include "compiler/ir/text_constant.hpp"
#include "compiler/ir/text_lexer.hpp"

namespace whit {

namespace {

std::string list_text(const std::vector<int64_t> &values) { return fmt::format("[{}]", fmt::join(values, ", ")); }

// A real that reads back as a real.
std::string real_text(double value) {
  std::string text = fmt::format("{}", value);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

std::string attribute_text(const AttributeValue &value) {
  if (const auto *integer = std::get_if<int64_t>(&value)) return fmt::format("{}", *integer);
  if (const auto *real = std::get_if<double>(&value)) return real_text(*real);
  if (const auto *text = std::get_if<std::string>(&value)) return quoted_text(*text);
  return list_text(std::get<std::vector<int64_t>>(value));
}

std::string attributes_text(const Attributes &attributes) {
  std::vector<std::string> entries;
  for (const auto &[name, value] : attributes.values())
    entries.push_back(fmt::format("{} = {}", name, attribute_text(value)));
  return entries.empty() ? "" : fmt::format(" {{{}}}", fmt::join(entries, ", "));
}

std::string quantization_text(const Quantization &quantization) {
  if (quantization == Quantization{}) return "";
  const auto &[scales, zero_points, axis] = quantization;
  if (scales.size() == 1 && zero_points.size() == 1 && axis == -1)
    return fmt::format(" scale {} zero {}", scales[0], zero_points[0]);
  std::string text = fmt::format(" scale [{}] zero {}", fmt::join(scales, ", "), list_text(zero_points));
  return axis == -1 ? text : text + fmt::format(" axis {}", axis);
}

class Printer {
 public:
  Printer(const Graph &graph, ConstantText constants)
      : graph_(graph), constants_(constants), declared_(graph.tensors.size()) {
    for (const Tensor &tensor : graph.tensors) ++name_uses_[tensor.name];
  }

  std::string print() {
    text_ = fmt::format("graph {} {{\n", quoted_text(graph_.name));
    for (TensorId id : graph_.inputs) line("input " + declaration(id));
    for (const Node &node : graph_.nodes) print_node(node);
    for (size_t index = 0; index < graph_.tensors.size(); ++index)
      if (!declared_[index]) declare_stored(static_cast<TensorId>(index), true);
    if (!graph_.outputs.empty()) line(fmt::format("output {}", fmt::join(symbols(graph_.outputs), ", ")));
    return text_ + "}\n";
  }

 private:
  bool known(TensorId id) const { return id >= 0 && static_cast<size_t>(id) < graph_.tensors.size(); }

  bool named(const Tensor &tensor) const { return is_symbol(tensor.name) && name_uses_.at(tensor.name) == 1; }

  std::string symbol(TensorId id) const {
    if (id == no_tensor) return "none";
    if (!known(id)) return fmt::format("%{}?", id);
    const Tensor &tensor = graph_.tensor(id);
    return named(tensor) ? "%" + tensor.name : fmt::format("%{}", id);
  }

  std::vector<std::string> symbols(const std::vector<TensorId> &ids) const {
    std::vector<std::string> texts;
    for (TensorId id : ids) texts.push_back(symbol(id));
    return texts;
  }

  // Symbol, number and name where needed, type; only the symbol of what has been declared before.
  std::string declaration(TensorId id) {
    if (!known(id) || declared_[static_cast<size_t>(id)]) return symbol(id);
    declared_[static_cast<size_t>(id)] = true;
    const Tensor &tensor = graph_.tensor(id);
    std::string text = symbol(id);
    if (id != next_++) text += fmt::format(" @{}", id);
    if (!named(tensor) && !tensor.name.empty()) text += " " + quoted_text(tensor.name);
    text += fmt::format(": {}[{}]{}", name_of(tensor.type), fmt::join(tensor.shape, ","),
                        quantization_text(tensor.quantization));
    return tensor.layout == Layout::channel_last ? text : text + fmt::format(" {}", name_of(tensor.layout));
  }

  // A constant or variable; with `any` also a tensor that nobody computes.
  void declare_stored(TensorId id, bool any) {
    if (!known(id) || declared_[static_cast<size_t>(id)]) return;
    const Tensor &tensor = graph_.tensor(id);
    if (tensor.is_constant())
      line(fmt::format("constant {} = {}", declaration(id),
                       constants_ == ConstantText::exact ? constant_text(tensor) : "..."));
    else if (tensor.variable)
      line("variable " + declaration(id) + initial_text(tensor));
    else if (any)
      line("unused " + declaration(id));
  }

  std::string initial_text(const Tensor &tensor) const {
    if (tensor.initial == nullptr) return "";
    Tensor values = tensor;
    values.constant = tensor.initial;
    return " = " + (constants_ == ConstantText::exact ? constant_text(values) : "...");
  }

  void print_node(const Node &node) {
    for (TensorId id : node.inputs) declare_stored(id, false);
    for (TensorId id : node.outputs) declare_stored(id, false);
    std::vector<std::string> outputs;
    for (TensorId id : node.outputs) outputs.push_back(declaration(id));
    line(fmt::format("{} = {}({}){}{}", fmt::join(outputs, ", "), node.op, fmt::join(symbols(node.inputs), ", "),
                     attributes_text(node.attributes), node.origin.empty() ? "" : " from " + quoted_text(node.origin)));
    for (const auto &body : node.bodies) text_ += Printer(*body, constants_).print();
  }

  void line(const std::string &text) { text_ += "  " + text + "\n"; }

  const Graph &graph_;
  ConstantText constants_;
  std::vector<bool> declared_;
  std::map<std::string_view, int> name_uses_;
  TensorId next_ = 0;
  std::string text_;
};

}  // namespace

std::string to_text(const Graph &graph, ConstantText constants) { return Printer(graph, constants).print(); }

std::string to_text(const Module &module, ConstantText constants) {
  std::string text;
  for (const Graph &graph : module.graphs) text += (text.empty() ? "" : "\n") + to_text(graph, constants);
  return text;
}

}  // namespace whit
