// SPDX-License-Identifier: Apache-2.0
// Circular buffers that others follow: runs end where one is not due.
#include <flatbuffers/flexbuffers.h>

#include "tests/conformance/forms.hpp"

namespace whit {

namespace {

class Drawing {
 public:
  explicit Drawing(std::mt19937 &random) : random_(random) {}

  int32_t between(int32_t least, int32_t most) { return std::uniform_int_distribution<int32_t>(least, most)(random_); }

  int32_t buffer(int32_t data, int32_t cycles) {
    std::vector<int32_t> shape = model_.tensor(data).shape;
    shape[1] = between(1, 4);
    const int32_t slices = model_.add_tensor("slices", tflite::TensorType_INT8, shape);
    model_.tensor(slices).is_variable = true;
    model_.add_node(tflite::BuiltinOperator_CUSTOM, {data}, {slices});
    model_.table.operator_codes.back()->custom_code = "CIRCULAR_BUFFER";
    flexbuffers::Builder builder;
    builder.Map([&] { builder.Int("cycles_max", cycles); });
    builder.Finish();
    model_.graph().operators.back()->custom_options = builder.GetBuffer();
    return slices;
  }

  // Slices side by side, as one.
  int32_t one_slice(int32_t slices) {
    const std::vector<int32_t> shape = model_.tensor(slices).shape;
    const std::vector<int32_t> joined = {1, 1, shape[1] * shape[2], shape[3]};
    tflite::ReshapeOptionsT options;
    options.new_shape = joined;
    const int32_t numbers = model_.add_constant("numbers", tflite::TensorType_INT32, {4}, joined);
    return after(tflite::BuiltinOperator_RESHAPE, {slices, numbers}, joined, std::move(options));
  }

  // Two buffers with something behind each.
  TestModel chain() {
    const int32_t data = model_.add_tensor("data", tflite::TensorType_INT8, {1, 1, between(1, 3), between(1, 5)});
    model_.graph().inputs = {data};
    const int32_t first = one_slice(buffer(data, between(1, 3))), second = buffer(first, between(1, 3));
    const int32_t result = model_.add_tensor("result", tflite::TensorType_INT8, model_.tensor(second).shape);
    model_.add_node(tflite::BuiltinOperator_RELU, {second}, {result});
    model_.graph().outputs = {result};
    return std::move(model_);
  }

 private:
  template <typename Options>
  int32_t after(tflite::BuiltinOperator code, std::vector<int32_t> inputs, std::vector<int32_t> shape, Options options) {
    const int32_t result = model_.add_tensor("value", tflite::TensorType_INT8, std::move(shape));
    model_.add_node(code, std::move(inputs), {result}, std::move(options));
    return result;
  }

  std::mt19937 &random_;
  TestModel model_;
};

}  // namespace

std::vector<Form> buffer_forms() {
  return {{tflite::BuiltinOperator_CUSTOM,
           [](std::mt19937 &random) { return std::optional(Drawing(random).chain()); }, "CIRCULAR_BUFFER"}};
}

}  // namespace whit
