// SPDX-License-Identifier: Apache-2.0
// Operators that work element by element, softmax, and the changes of type.
#include <cmath>

#include "compiler/importers/tflite/move_nodes.hpp"
#include "compiler/importers/tflite/operators.hpp"

namespace whit::tflite_operators {

namespace {

Node unary(OperatorReader &reader, std::string op, Attributes attributes = {}) {
  return {.op = std::move(op), .inputs = {reader.data(0)}, .attributes = std::move(attributes)};
}

template <typename Options>
Node binary(OperatorReader &reader, std::string op) {
  Node node{.op = std::move(op), .inputs = {reader.data(0), reader.data(1)}};
  set_activation(node.attributes, reader, reader.options<Options>().fused_activation_function);
  return node;
}

Node pair(OperatorReader &reader, std::string op) {
  return {.op = std::move(op), .inputs = {reader.data(0), reader.data(1)}};
}

// In 8 bits its values are 128ths.
Node in_128ths(OperatorReader &reader, Node node) {
  if (reader.tensor(0).type != ElementType::int8) return node;
  return with_scale(reader, std::move(node), {.scales = {1.0F / 128}, .zero_points = {0}});
}

double finite(const OperatorReader &reader, std::string_view name, float value) {
  if (!std::isfinite(value))
    reader.fail(fmt::format("{} is {}", name, value), "finite numbers", damaged);
  return value;
}

}  // namespace

void set_activation(Attributes &attributes, const OperatorReader &reader, tflite::ActivationFunctionType activation) {
  switch (activation) {
    case tflite::ActivationFunctionType_NONE: return;
    case tflite::ActivationFunctionType_RELU: return attributes.set("activation", "relu");
    case tflite::ActivationFunctionType_RELU6: return attributes.set("activation", "relu6");
    case tflite::ActivationFunctionType_RELU_N1_TO_1: return attributes.set("activation", "relu_n1_to_1");
    default:
      const std::string name = tflite::EnumNameActivationFunctionType(activation);
      reader.fail("fused activation " + (name.empty() ? std::to_string(activation) : name),
                  "NONE, RELU, RELU6, RELU_N1_TO_1", "export the activation as an operator of its own");
  }
}

Node add(OperatorReader &reader) { return binary<tflite::AddOptions>(reader, "add"); }
Node sub(OperatorReader &reader) { return binary<tflite::SubOptions>(reader, "sub"); }
Node mul(OperatorReader &reader) { return binary<tflite::MulOptions>(reader, "mul"); }

Node div(OperatorReader &reader) { return binary<tflite::DivOptions>(reader, "div"); }
Node maximum(OperatorReader &reader) { return pair(reader, "maximum"); }
Node minimum(OperatorReader &reader) { return pair(reader, "minimum"); }
Node squared_difference(OperatorReader &reader) { return pair(reader, "squared_difference"); }
Node floor_div(OperatorReader &reader) { return pair(reader, "floor_div"); }
Node floor_mod(OperatorReader &reader) { return pair(reader, "floor_mod"); }
// 16-bit data have slopes of 8 bits, which are widened.
Node prelu(OperatorReader &reader) {
  Node node = pair(reader, "prelu");
  if (reader.tensor(0).type == ElementType::int16 && reader.tensor(1).type == ElementType::int8)
    node.inputs[1] = reader.emit({.op = "quantize", .inputs = {node.inputs[1]}, .attributes = {{"type", std::string("int16")}}},
                                 {.scales = {reader.tensor(1).quantization.scale()}, .zero_points = {0}});
  return node;
}
Node equal(OperatorReader &reader) { return pair(reader, "equal"); }
Node not_equal(OperatorReader &reader) { return pair(reader, "not_equal"); }
Node less(OperatorReader &reader) { return pair(reader, "less"); }
Node less_equal(OperatorReader &reader) { return pair(reader, "less_equal"); }
Node greater(OperatorReader &reader) { return pair(reader, "greater"); }
Node greater_equal(OperatorReader &reader) { return pair(reader, "greater_equal"); }
Node logical_and(OperatorReader &reader) { return pair(reader, "logical_and"); }
Node logical_or(OperatorReader &reader) { return pair(reader, "logical_or"); }

Node logical_not(OperatorReader &reader) { return unary(reader, "logical_not"); }
Node abs(OperatorReader &reader) { return unary(reader, "abs"); }
Node sign(OperatorReader &reader) { return unary(reader, "sign"); }
Node neg(OperatorReader &reader) { return unary(reader, "neg"); }
Node square(OperatorReader &reader) { return unary(reader, "square"); }
Node sqrt(OperatorReader &reader) { return unary(reader, "sqrt"); }
Node rsqrt(OperatorReader &reader) { return unary(reader, "rsqrt"); }
Node exp(OperatorReader &reader) { return unary(reader, "exp"); }
Node log(OperatorReader &reader) { return unary(reader, "log"); }
Node sin(OperatorReader &reader) { return unary(reader, "sin"); }
Node cos(OperatorReader &reader) { return unary(reader, "cos"); }
Node ceil(OperatorReader &reader) { return unary(reader, "ceil"); }
Node floor(OperatorReader &reader) { return unary(reader, "floor"); }
Node round(OperatorReader &reader) { return unary(reader, "round"); }
Node elu(OperatorReader &reader) { return unary(reader, "elu"); }

Node select_v2(OperatorReader &reader) {
  return {.op = "select", .inputs = {reader.data(0), reader.data(1), reader.data(2)}};
}

Node softmax(OperatorReader &reader) {
  Node node = unary(reader, "softmax", {{"beta", finite(reader, "beta", reader.options<tflite::SoftmaxOptions>().beta)}});
  if (reader.tensor(0).type == ElementType::int8 && reader.output().type == ElementType::int16)
    node.attributes.set("type", std::string("int16"));
  return node;
}

Node l2_normalization(OperatorReader &reader) {
  Node node = unary(reader, "l2_normalize");
  if (reader.options<tflite::L2NormOptions>().fused_activation_function != tflite::ActivationFunctionType_NONE)
    reader.fail("a fused activation", "none", "export the activation as an operator of its own");
  return in_128ths(reader, std::move(node));
}

Node log_softmax(OperatorReader &reader) { return unary(reader, "log_softmax"); }

static Node add_n_int8(OperatorReader &reader) {
  Node node{.op = "add_n"};
  for (size_t position = 0; position < reader.input_count(); ++position) node.inputs.push_back(reader.data(position));
  return node;
}

// Float sums in the order of the inputs.
Node add_n(OperatorReader &reader) {
  const ElementType type = reader.tensor(0).type;
  if ((type != ElementType::float32 && type != ElementType::int8) || reader.input_count() < 2)
    reader.fail(fmt::format("{} inputs of {}", reader.input_count(), name_of(type)),
                "two inputs of float32 or int8 or more", "add two at a time with ADD");
  if (type == ElementType::int8) return add_n_int8(reader);
  TensorId sum = reader.data(0);
  for (size_t position = 1; position + 1 < reader.input_count(); ++position)
    sum = reader.emit({.op = "add", .inputs = {sum, reader.data(position)}});
  return {.op = "add", .inputs = {sum, reader.data(reader.input_count() - 1)}};
}

Node logistic(OperatorReader &reader) { return unary(reader, "logistic"); }
Node tanh(OperatorReader &reader) { return in_128ths(reader, unary(reader, "tanh")); }
Node relu(OperatorReader &reader) { return unary(reader, "relu"); }
Node relu6(OperatorReader &reader) { return unary(reader, "relu6"); }
Node relu_n1_to_1(OperatorReader &reader) { return unary(reader, "relu_n1_to_1"); }
Node hard_swish(OperatorReader &reader) { return unary(reader, "hard_swish"); }

Node leaky_relu(OperatorReader &reader) {
  const float alpha = reader.options<tflite::LeakyReluOptions>().alpha;
  return unary(reader, "leaky_relu", {{"alpha", finite(reader, "alpha", alpha)}});
}

Node quantize(OperatorReader &reader) {
  return unary(reader, "quantize", {{"type", std::string(name_of(reader.output().type))}});
}

// Numbers without sign differ from those with one only as reals.
Node cast(OperatorReader &reader) {
  Node node = unary(reader, "cast", {{"type", std::string(name_of(reader.output().type))}});
  const bool from_real = reader.tensor(0).type == ElementType::float32, to_real = reader.output().type == ElementType::float32;
  if ((reader.has_no_sign(0) && to_real) || (from_real && reader.output_has_no_sign())) node.attributes.set("unsigned", int64_t{1});
  return node;
}

Node dequantize(OperatorReader &reader) { return unary(reader, "dequantize"); }

}  // namespace whit::tflite_operators
