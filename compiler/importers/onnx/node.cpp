// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/onnx/node.hpp"

#include <cmath>
#include <cstring>

namespace whit {

namespace {

// The format's numbers of the types.
enum : int32_t { type_float = 1, type_int32 = 6, type_int64 = 7, type_double = 11 };

template <typename Element>
std::vector<double> from_raw(const std::string &raw) {
  std::vector<double> values(raw.size() / sizeof(Element));
  for (size_t index = 0; index < values.size(); ++index) {
    Element element;
    std::memcpy(&element, raw.data() + index * sizeof(Element), sizeof(Element));
    values[index] = static_cast<double>(element);
  }
  return values;
}

template <typename Element, typename List>
std::vector<double> from(const std::string &raw, const List &list) {
  if (!raw.empty()) return from_raw<Element>(raw);
  return {list.begin(), list.end()};
}

std::vector<double> stored_numbers(const onnx_file::Tensor &tensor, const std::string &place) {
  switch (tensor.data_type()) {
    case type_float: return from<float>(tensor.raw_data(), tensor.float_data());
    case type_double: return from<double>(tensor.raw_data(), tensor.double_data());
    case type_int32: return from<int32_t>(tensor.raw_data(), tensor.int32_data());
    case type_int64: return from<int64_t>(tensor.raw_data(), tensor.int64_data());
    default:
      throw UserError({place, fmt::format("a tensor of element type {}", tensor.data_type()), "float, double, int32, int64", ""});
  }
}

}  // namespace

std::vector<double> onnx_numbers(const onnx_file::Tensor &tensor, const std::string &place) {
  if (tensor.data_location() != 0) throw UserError({place, "values in another file", "values in the model's file", "save the model in one file"});
  std::vector<double> values = stored_numbers(tensor, place);
  uint64_t elements = 1;
  for (const int64_t size : tensor.dims()) {
    if (size < 0 || static_cast<uint64_t>(size) > values.size()) elements = values.size() + 1;
    elements *= static_cast<uint64_t>(std::max<int64_t>(size, 1));
    if (elements > values.size()) break;
  }
  if (elements != values.size()) throw UserError({place, fmt::format("a tensor whose {} values do not fill its shape", values.size()), "", "the file is damaged"});
  return values;
}

std::string OnnxNode::input(size_t index) const { return index < inputs() ? node_->input(static_cast<int>(index)) : ""; }
std::string OnnxNode::output(size_t index) const { return index < outputs() ? node_->output(static_cast<int>(index)) : ""; }

const onnx_file::Attribute *OnnxNode::find(std::string_view name) const {
  for (const onnx_file::Attribute &attribute : node_->attribute())
    if (attribute.name() == name) return &attribute;
  return nullptr;
}

int64_t OnnxNode::integer(std::string_view name, int64_t otherwise) const {
  const onnx_file::Attribute *attribute = find(name);
  return attribute ? attribute->i() : otherwise;
}

double OnnxNode::real(std::string_view name, double otherwise) const {
  const onnx_file::Attribute *attribute = find(name);
  return attribute ? static_cast<double>(attribute->f()) : otherwise;
}

std::string OnnxNode::text(std::string_view name, const std::string &otherwise) const {
  const onnx_file::Attribute *attribute = find(name);
  return attribute ? attribute->s() : otherwise;
}

std::vector<double> OnnxNode::reals(std::string_view name) const {
  std::vector<double> values = numbers(name);
  for (const double value : values)
    if (!std::isfinite(value)) fail(fmt::format("{} holds {}", name, value), "finite numbers");
  return values;
}

std::vector<double> OnnxNode::numbers(std::string_view name) const {
  std::vector<double> values;
  if (const onnx_file::Attribute *attribute = find(name)) values = {attribute->floats().begin(), attribute->floats().end()};
  if (const onnx_file::Attribute *attribute = find(std::string(name) + "_as_tensor")) values = onnx_numbers(attribute->t(), place_);
  return values;
}

std::vector<int64_t> OnnxNode::integers(std::string_view name) const {
  const onnx_file::Attribute *attribute = find(name);
  if (!attribute) return {};
  return {attribute->ints().begin(), attribute->ints().end()};
}

std::vector<std::string> OnnxNode::texts(std::string_view name) const {
  const onnx_file::Attribute *attribute = find(name);
  if (!attribute) return {};
  return {attribute->strings().begin(), attribute->strings().end()};
}

}  // namespace whit
