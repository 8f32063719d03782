// SPDX-License-Identifier: Apache-2.0
// How one operator of whit is written down as an operator of the format: what the lines of model_of.cpp and
// custom_lines.cpp have in common.
#pragma once

#include <flatbuffers/flexbuffers.h>

#include <initializer_list>
#include <span>
#include <string_view>

#include "ops/op_def.hpp"
#include "tests/conformance/forms.hpp"

namespace whit {

// The model under construction, and the node it is made of.
struct Writing {
  const NodeView &node;
  TestModel &model;
  std::mt19937 &random;

  tflite::OperatorT &entry() { return *model.graph().operators[0]; }
  const Attributes &attributes() const { return node.attributes(); }
  int32_t integer(std::string_view name) const { return static_cast<int32_t>(attributes().integer(name)); }

  template <typename Options>
  void set(Options options) {
    entry().builtin_options.Set(std::move(options));
  }

  // The node's integer attributes of those names as the options of a custom operator.
  void set_custom(std::initializer_list<const char *> names, int64_t type = -1) {
    flexbuffers::Builder builder;
    builder.Map([&] {
      if (type >= 0) builder.Int("T", type);
      for (const char *name : names) builder.Int(name, attributes().integer(name));
    });
    builder.Finish();
    entry().custom_options = builder.GetBuffer();
  }
  // What the graph has as int32 or int64 is unsigned in the format.
  void set_unsigned(int32_t index) {
    tflite::TensorT &tensor = model.tensor(index);
    tensor.type = tensor.type == tflite::TensorType_INT64 ? tflite::TensorType_UINT64 : tflite::TensorType_UINT32;
  }

  void add_input(const std::vector<int64_t> &values, std::vector<int32_t> shape) {
    const std::vector<int32_t> narrow(values.begin(), values.end());
    entry().inputs.push_back(model.add_constant("numbers", tflite::TensorType_INT32, std::move(shape), narrow));
  }
  void add_input(std::string_view attribute) {
    const std::vector<int64_t> values = attributes().integers(attribute);
    add_input(values, {static_cast<int32_t>(values.size())});
  }

  // What a bias would be of; some models of 16 bits have none.
  tflite::TensorType bias_type() {
    if (node.input(0).type != ElementType::int16 || random() % 2 == 0) return tflite::TensorType_FLOAT32;
    if (random() % 2 == 0 && entry().inputs.size() == 3) entry().inputs[2] = -1;
    return tflite::TensorType_INT32;
  }

  tflite::ActivationFunctionType activation() const {
    const std::string name = attributes().text("activation", "none");
    if (name == "relu") return tflite::ActivationFunctionType_RELU;
    if (name == "relu6") return tflite::ActivationFunctionType_RELU6;
    return name == "none" ? tflite::ActivationFunctionType_NONE : tflite::ActivationFunctionType_RELU_N1_TO_1;
  }
};

inline void plain(Writing &) {}

struct Line {
  std::string_view op;
  tflite::BuiltinOperator code;
  void (*write)(Writing &writing) = plain;
  std::string_view custom{};
};

// Those of custom operators.
std::span<const Line> custom_lines();

}  // namespace whit
