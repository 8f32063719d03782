// SPDX-License-Identifier: Apache-2.0
// A model of one operator under construction, for forms that are no instance of an operator of whit.
#pragma once

#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ops/random_graph.hpp"
#include "tests/conformance/forms.hpp"

namespace whit {

using Integers = std::vector<int32_t>;

// The values that pass through it keep one scale.
class Draft {
  using enum ElementType;

 public:
  Draft(std::mt19937 &random, ElementType type) : random_(random), type_(type) {}

  int32_t between(int32_t least, int32_t most) { return std::uniform_int_distribution<int32_t>(least, most)(random_); }
  Integers shape(int32_t least_axes, int32_t most_axes, int32_t longest = 6) {
    Integers shape(static_cast<size_t>(between(least_axes, most_axes)));
    for (int32_t &length : shape) length = between(1, longest);
    return shape;
  }
  ElementType type() const { return type_; }

  int32_t data(const Integers &shape) {
    const int32_t index = tensor("data", shape);
    model_.graph().inputs.push_back(index);
    return index;
  }
  int32_t data_constant(const Integers &shape) {
    const Tensor values{.type = type_, .shape = Shape(shape.begin(), shape.end())};
    const int32_t index = tensor("constant", shape);
    store(index, random_values(random_, values));
    return index;
  }
  int32_t width() const { return static_cast<int32_t>(bits_of(type_) / 8); }
  Bytes random_bytes(int32_t count) {
    Bytes bytes(static_cast<size_t>(count));
    for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random_());
    return bytes;
  }
  // A constant of plain bytes.
  int32_t bytes(Bytes values) {
    const int32_t index = model_.add_tensor("numbers", tflite::TensorType_UINT8, {static_cast<int32_t>(values.size())});
    store(index, std::move(values));
    return index;
  }
  // An output of known shape.
  int32_t output_of(const Integers &shape) {
    const int32_t index = output();
    model_.tensor(index).shape = shape;
    return index;
  }
  // An int8 constant, whatever the type of the data.
  int32_t narrow_constant(const Integers &shape) {
    const ElementType type = std::exchange(type_, int8);
    const int32_t index = data_constant(shape);
    type_ = type;
    return index;
  }
  int32_t narrow_constant(const Integers &shape, Bytes values) {
    const int32_t index = narrow_constant(shape);
    store(index, std::move(values));
    return index;
  }
  // So many scales, one a slice of the first axis, and everywhere that zero point.
  void shift(int32_t index, int64_t zero_point, int32_t scales) {
    tflite::QuantizationParametersT &quantization = *model_.tensor(index).quantization;
    quantization.zero_point.assign(static_cast<size_t>(scales), zero_point);
    quantization.scale.clear();
    for (int32_t slice = 0; slice < scales; ++slice) quantization.scale.push_back(0.0625F / static_cast<float>(1 + slice));
  }
  // Another scale than other tensors have.
  void rescale(int32_t index) {
    tflite::QuantizationParametersT &quantization = *model_.tensor(index).quantization;
    quantization.scale = {0.03125F * static_cast<float>(between(1, 9))};
    quantization.zero_point = {type_ == int16 ? 0 : between(-20, 20)};
  }
  void symmetric(int32_t index) {
    if (model_.tensor(index).quantization != nullptr) model_.tensor(index).quantization->zero_point = {0};
  }
  void set_type(int32_t index, tflite::TensorType type) {
    model_.tensor(index).type = type;
    model_.tensor(index).quantization.reset();
  }
  int32_t wide_constant(const Integers &values) {
    return model_.add_constant("numbers", tflite::TensorType_INT64, {static_cast<int32_t>(values.size())},
                               std::vector<int64_t>(values.begin(), values.end()));
  }
  // Those numbers in the draft's own type.
  int32_t numbers_constant(const Integers &values) {
    const int32_t index = tensor("constant", {static_cast<int32_t>(values.size())});
    store(index, type_ == int64 ? bytes_of(std::vector<int64_t>(values.begin(), values.end())) : bytes_of(values));
    return index;
  }
  // A tensor on the way from one operator to another.
  int32_t step(const Integers &shape) { return tensor("step", shape); }
  int32_t numbers_step(const Integers &shape) { return model_.add_tensor("numbers", tflite::TensorType_INT32, shape); }
  // An operator before the last one.
  void add(tflite::BuiltinOperator code, Integers inputs, Integers outputs) {
    model_.add_node(code, std::move(inputs), std::move(outputs));
  }
  // An int32 input that is computed.
  int32_t numbers(const Integers &shape) {
    const int32_t index = model_.add_tensor("numbers", tflite::TensorType_INT32, shape);
    model_.graph().inputs.push_back(index);
    return index;
  }
  int32_t constant(const Integers &values) {
    return constant(values, {static_cast<int32_t>(values.size())});
  }
  int32_t constant(const Integers &values, Integers shape) {
    return model_.add_constant("numbers", tflite::TensorType_INT32, std::move(shape), values);
  }
  int32_t output() { return output(type_); }
  int32_t output(ElementType type) {
    const int32_t index = type == type_ ? tensor("result", {}) : model_.add_tensor("result", format_type(type), {});
    model_.graph().outputs.push_back(index);
    return index;
  }

  template <typename Options>
  TestModel with(tflite::BuiltinOperator code, Integers inputs, Options options) {
    model_.add_node(code, std::move(inputs), model_.graph().outputs, std::move(options));
    return std::move(model_);
  }
  TestModel with(tflite::BuiltinOperator code, Integers inputs) {
    model_.add_node(code, std::move(inputs), model_.graph().outputs);
    return std::move(model_);
  }

  // So many inputs of that shape, and an output.
  Integers several(const Integers &shape, int32_t count) {
    Integers inputs;
    for (; count > 0; --count) inputs.push_back(data(shape));
    output();
    return inputs;
  }

  // So many inputs of that shape along a new axis.
  TestModel packed(const Integers &shape, int32_t parts) {
    tflite::PackOptionsT options;
    options.values_count = parts;
    options.axis = between(0, static_cast<int32_t>(shape.size()));
    return with(tflite::BuiltinOperator_PACK, several(shape, parts), options);
  }

 private:
  int32_t tensor(const char *name, const Integers &shape) {
    const int32_t index = model_.add_tensor(name, format_type(type_), shape);
    tflite::TensorT &entry = model_.tensor(index);
    entry.quantization.reset();
    if (type_ == int8 || type_ == uint8 || type_ == int16) {
      entry.quantization = std::make_unique<tflite::QuantizationParametersT>();
      entry.quantization->scale = {0.0625F};
      entry.quantization->zero_point = {type_ == int16 ? 0 : 7};
    }
    return index;
  }
  void store(int32_t index, Bytes bytes) {
    model_.tensor(index).buffer = static_cast<uint32_t>(model_.table.buffers.size());
    model_.table.buffers.push_back(std::make_unique<tflite::BufferT>());
    model_.table.buffers.back()->data = std::move(bytes);
  }

  std::mt19937 &random_;
  ElementType type_;
  TestModel model_;
};

struct Built {
  tflite::BuiltinOperator code;
  TestModel (*make)(Draft &draft);
  std::vector<ElementType> types;
  std::string custom{};
};

// A form for each type of each entry.
std::vector<Form> forms_of(std::span<const Built> built);

}  // namespace whit
