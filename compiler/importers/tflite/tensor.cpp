// SPDX-License-Identifier: Apache-2.0
// Checks of a single tensor: type, shape, bytes, quantisation.
#include "compiler/importers/tflite/tensor.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace whit {

namespace {

constexpr size_t most_axes = 8;
constexpr int64_t most_bytes = std::numeric_limits<int32_t>::max();

struct TypeEntry {
  tflite::TensorType format;
  ElementType type;
  int64_t least_zero, most_zero;  // legal zero points; an empty range where the type is never quantised
};

constexpr TypeEntry types[] = {
    {tflite::TensorType_FLOAT32, ElementType::float32, 1, 0},
    {tflite::TensorType_INT32, ElementType::int32, std::numeric_limits<int32_t>::min(),
     std::numeric_limits<int32_t>::max()},
    {tflite::TensorType_UINT32, ElementType::int32, 1, 0},  // the bits count, not the sign
    {tflite::TensorType_UINT64, ElementType::int64, 1, 0},
    {tflite::TensorType_UINT8, ElementType::uint8, 0, 255},
    {tflite::TensorType_INT64, ElementType::int64, 0, 0},
    {tflite::TensorType_BOOL, ElementType::boolean, 1, 0},
    {tflite::TensorType_INT16, ElementType::int16, -32768, 32767},
    {tflite::TensorType_INT8, ElementType::int8, -128, 127},
    {tflite::TensorType_INT4, ElementType::int4, -8, 7},
};

const TypeEntry &type_of(tflite::TensorType format, const std::string &place) {
  for (const TypeEntry &entry : types)
    if (entry.format == format) return entry;
  const std::string name = tflite::EnumNameTensorType(format);
  throw UserError({place, name.empty() ? fmt::format("type {}", static_cast<int>(format)) : "type " + name,
                   "FLOAT32, INT8, UINT8, INT16, INT32, INT64, INT4, BOOL",
                   "convert the model with int8 quantisation or as float32"});
}

// Converters write the scale 0 for weights that are all 0.
void check_quantization(const Quantization &quantization, const TypeEntry &type, bool constant,
                        const std::string &place) {
  for (float scale : quantization.scales)
    if (!std::isfinite(scale) || scale < 0.0F || (scale == 0.0F && !constant))
      throw UserError({place, fmt::format("a scale is {}", scale), "finite scales above 0", damaged});
  for (int64_t zero_point : quantization.zero_points)
    if (zero_point < type.least_zero || zero_point > type.most_zero)
      throw UserError({place, fmt::format("zero point {} for {}", zero_point, name_of(type.type)),
                       fmt::format("{} to {}", type.least_zero, type.most_zero), damaged});
}

// One scale means the whole tensor; several, one a slice of an axis. Some converters give a bias the axis of its weights.
int quantized_axis(const tflite::QuantizationParameters &table, const Shape &shape, const std::string &place) {
  const size_t scales = table.scale()->size();
  if (scales == 1) return -1;
  const int32_t axis = shape.size() == 1 ? 0 : table.quantized_dimension();
  if (axis < 0 || static_cast<size_t>(axis) >= shape.size() ||
      static_cast<int64_t>(scales) != shape[static_cast<size_t>(axis)])
    throw UserError({place, fmt::format("{} scales along axis {} of {}", scales, axis, text_of(shape)),
                     "one scale, or one a slice of an axis", damaged});
  return axis;
}

Quantization read_quantization(TfliteFile &file, const tflite::QuantizationParameters *table, const TypeEntry &type,
                               const Tensor &tensor, const std::string &place) {
  if (table == nullptr || type.least_zero > type.most_zero) return {};
  if (table->details_kind() != 0)
    throw UserError({place, "blockwise or custom quantisation", "scales a tensor or a slice of one axis",
                     "convert the model with int8 quantisation"});
  if (table->scale() == nullptr || table->scale()->size() == 0) return {};
  Quantization quantization{.axis = quantized_axis(*table, tensor.shape, place)};
  quantization.scales = file.elements(table->scale());
  quantization.zero_points = file.elements(table->zero_point());
  if (quantization.zero_points.size() != quantization.scales.size())
    throw UserError({place,
                     fmt::format("{} scales with {} zero points", quantization.scales.size(),
                                 quantization.zero_points.size()),
                     "as many of each", damaged});
  check_quantization(quantization, type, tensor.is_constant(), place);
  return quantization;
}

// Shape, and which axes are open: -1 in the signature, or in the shape itself where there is no signature.
void read_shape(TfliteFile &file, const tflite::Tensor &table, TfliteTensor &result, const std::string &place) {
  const std::vector<int32_t> axes = file.elements(table.shape());
  std::vector<int32_t> signature = file.elements(table.shape_signature());
  if (signature.empty()) signature = axes;
  if (signature.size() != axes.size())
    throw UserError({place, fmt::format("{} axes with a signature of {}", axes.size(), signature.size()), "", damaged});
  result.tensor.shape.assign(axes.begin(), axes.end());
  for (size_t axis = 0; axis < axes.size(); ++axis) {
    result.dynamic.push_back(signature[axis] == -1);
    int64_t &length = result.tensor.shape[axis];
    if (result.dynamic[axis] && length < 1) length = 1;
  }
}

std::shared_ptr<const Bytes> constant_bytes(TfliteFile &file, std::span<const uint8_t> bytes, const Tensor &tensor,
                                            const std::string &place) {
  if (static_cast<int64_t>(bytes.size()) != tensor.bytes())
    throw UserError({place,
                     fmt::format("{} bytes for {} values of {}", bytes.size(), text_of(tensor.shape),
                                 name_of(tensor.type)),
                     fmt::format("{} bytes", tensor.bytes()), damaged});
  file.charge(bytes.size());
  return std::make_shared<const Bytes>(bytes.begin(), bytes.end());
}

}  // namespace

Quantization first_of(const Quantization &several) {
  return {.scales = {several.scales.at(0)}, .zero_points = {several.zero_points.at(0)}};
}

std::shared_ptr<const Bytes> reset_value(const Tensor &tensor) {
  const auto byte = static_cast<uint8_t>(tensor.quantization.zero_point());
  if (byte == 0) return nullptr;
  return std::make_shared<const Bytes>(static_cast<size_t>(tensor.bytes()), byte);
}

std::string tensor_place(int32_t index, std::string_view name) { return fmt::format("tensor {} '{}'", index, name); }

void check_size(ElementType type, const Shape &shape, const std::string &place) {
  if (shape.size() > most_axes)
    throw UserError({place, fmt::format("{} axes", shape.size()), fmt::format("up to {} axes", most_axes), ""});
  int64_t count = 1;
  for (int64_t axis : shape) {
    if (axis < 1)
      throw UserError({place, "shape " + text_of(shape), "axes of at least 1", "export the model with fixed shapes and without empty tensors"});
    if (axis > most_bytes / count) count = most_bytes + 1;
    else count *= axis;
    if (count * bits_of(type) / 8 > most_bytes)
      throw UserError(
          {place, fmt::format("shape {} of {}", text_of(shape), name_of(type)), "less than 2 GiB", damaged});
  }
}

TfliteTensor read_tensor(TfliteFile &file, const TfliteSubgraph &subgraph, int32_t index) {
  const tflite::Tensor &table = *subgraph.tensors.at(static_cast<size_t>(index));
  TfliteTensor result;
  Tensor &tensor = result.tensor;
  tensor.name = file.text(table.name());
  const std::string place = tensor_place(index, tensor.name);
  if (tensor.name.empty()) tensor.name = fmt::format("tensor_{}", index);
  if (table.type() == tflite::TensorType_RESOURCE) {
    result.resource = true;
    return result;
  }
  const TypeEntry &type = type_of(table.type(), place);
  tensor.type = type.type;
  result.no_sign = type.format == tflite::TensorType_UINT32 || type.format == tflite::TensorType_UINT64;
  read_shape(file, table, result, place);
  if (tensor.shape == Shape{0}) {
    result.empty = true;
    tensor.constant = std::make_shared<const Bytes>();
    return result;
  }
  check_size(tensor.type, tensor.shape, place);
  if (table.sparsity() != nullptr)
    throw UserError({place, "stored sparsely", "dense constants", "convert the model without sparsity encoding"});
  const std::span<const uint8_t> bytes = file.buffer(table.buffer(), place);
  if (!bytes.empty()) tensor.constant = constant_bytes(file, bytes, tensor, place);
  tensor.quantization = read_quantization(file, table.quantization(), type, tensor, place);
  if (!tensor.is_constant() && tensor.quantization.per_axis()) tensor.quantization = first_of(tensor.quantization);
  tensor.variable = table.is_variable();
  if (tensor.variable) file.charge_variable(static_cast<uint64_t>(tensor.bytes()));
  if (tensor.variable && tensor.type == ElementType::int8) tensor.initial = reset_value(tensor);
  return result;
}

}  // namespace whit
