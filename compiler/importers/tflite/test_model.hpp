// SPDX-License-Identifier: Apache-2.0
// Small .tflite files made to measure for the tests: build one, bend it through `table`, take its bytes.
#pragma once

#include <memory>
#include <utility>

#include "compiler/base/bytes.hpp"
#include "compiler/importers/tflite/tflite_generated.h"

namespace whit {

class TestModel {
 public:
  tflite::ModelT table;

  TestModel() {
    table.version = 3;
    table.subgraphs.push_back(std::make_unique<tflite::SubGraphT>());
    table.buffers.push_back(std::make_unique<tflite::BufferT>());
  }

  tflite::SubGraphT &graph() { return *table.subgraphs[0]; }
  tflite::TensorT &tensor(int32_t index) { return *graph().tensors[static_cast<size_t>(index)]; }
  tflite::OperatorT &node(size_t index) { return *graph().operators[index]; }

  // A tensor without values; integers get the scale 0.5 and zero point 1.
  int32_t add_tensor(std::string name, tflite::TensorType type, std::vector<int32_t> shape) {
    auto entry = std::make_unique<tflite::TensorT>();
    entry->name = std::move(name);
    entry->type = type;
    entry->shape = std::move(shape);
    if (type == tflite::TensorType_INT8) {
      entry->quantization = std::make_unique<tflite::QuantizationParametersT>();
      entry->quantization->scale = {0.5F};
      entry->quantization->zero_point = {1};
    }
    graph().tensors.push_back(std::move(entry));
    return static_cast<int32_t>(graph().tensors.size() - 1);
  }

  template <typename T>
  int32_t add_constant(std::string name, tflite::TensorType type, std::vector<int32_t> shape,
                       const std::vector<T> &values) {
    const int32_t index = add_tensor(std::move(name), type, std::move(shape));
    tensor(index).buffer = static_cast<uint32_t>(table.buffers.size());
    table.buffers.push_back(std::make_unique<tflite::BufferT>());
    table.buffers.back()->data = bytes_of(values);
    return index;
  }

  void add_node(tflite::BuiltinOperator code, std::vector<int32_t> inputs, std::vector<int32_t> outputs) {
    auto opcode = std::make_unique<tflite::OperatorCodeT>();
    opcode->builtin_code = code;
    opcode->deprecated_builtin_code = static_cast<int8_t>(code < 127 ? code : 127);
    auto entry = std::make_unique<tflite::OperatorT>();
    entry->opcode_index = static_cast<uint32_t>(table.operator_codes.size());
    entry->inputs = std::move(inputs);
    entry->outputs = std::move(outputs);
    table.operator_codes.push_back(std::move(opcode));
    graph().operators.push_back(std::move(entry));
  }

  template <typename Options>
  void add_node(tflite::BuiltinOperator code, std::vector<int32_t> inputs, std::vector<int32_t> outputs,
                Options options) {
    add_node(code, std::move(inputs), std::move(outputs));
    graph().operators.back()->builtin_options.Set(std::move(options));
  }

  Bytes bytes() const {
    flatbuffers::FlatBufferBuilder builder;
    tflite::FinishModelBuffer(builder, tflite::Model::Pack(builder, &table));
    return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
  }
};

// A 2x2 convolution of stride 1 and SAME padding, 1x3x3x1 to 1x3x3x2, int8, one scale a channel.
// Tensors: 0 input, 1 weights, 2 bias, 3 output.
inline TestModel convolution_model() {
  TestModel model;
  model.graph().inputs = {model.add_tensor("image", tflite::TensorType_INT8, {1, 3, 3, 1})};
  model.add_constant<int8_t>("weights", tflite::TensorType_INT8, {2, 2, 2, 1}, {1, 2, 3, 4, 5, 6, 7, 8});
  model.add_constant<int32_t>("bias", tflite::TensorType_INT32, {2}, {10, -10});
  model.graph().outputs = {model.add_tensor("result", tflite::TensorType_INT8, {1, 3, 3, 2})};
  model.tensor(1).quantization->scale = {0.25F, 0.125F};
  model.tensor(1).quantization->zero_point = {0, 0};
  tflite::Conv2DOptionsT options;
  options.stride_h = options.stride_w = 1;
  options.fused_activation_function = tflite::ActivationFunctionType_RELU;
  model.add_node(tflite::BuiltinOperator_CONV_2D, {0, 1, 2}, {3}, options);
  return model;
}

}  // namespace whit
