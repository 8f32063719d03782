// SPDX-License-Identifier: Apache-2.0
// The table itself, and what a user is told about operators that are not in it.
#include "compiler/importers/tflite/operators.hpp"

namespace whit {

namespace {

using namespace tflite_operators;

struct OperatorEntry {
  tflite::BuiltinOperator code;
  ImportOperator import;
};

constexpr OperatorEntry operators[] = {
    {tflite::BuiltinOperator_ADD, add},
    {tflite::BuiltinOperator_AVERAGE_POOL_2D, average_pool_2d},
    {tflite::BuiltinOperator_CONCATENATION, concatenation},
    {tflite::BuiltinOperator_CONV_2D, conv_2d},
    {tflite::BuiltinOperator_DEPTHWISE_CONV_2D, depthwise_conv_2d},
    {tflite::BuiltinOperator_DEQUANTIZE, dequantize},
    {tflite::BuiltinOperator_EXPAND_DIMS, expand_dims},
    {tflite::BuiltinOperator_FULLY_CONNECTED, fully_connected},
    {tflite::BuiltinOperator_HARD_SWISH, hard_swish},
    {tflite::BuiltinOperator_LEAKY_RELU, leaky_relu},
    {tflite::BuiltinOperator_LOGISTIC, logistic},
    {tflite::BuiltinOperator_MAX_POOL_2D, max_pool_2d},
    {tflite::BuiltinOperator_MEAN, mean},
    {tflite::BuiltinOperator_MUL, mul},
    {tflite::BuiltinOperator_PAD, pad},
    {tflite::BuiltinOperator_PADV2, padv2},
    {tflite::BuiltinOperator_QUANTIZE, quantize},
    {tflite::BuiltinOperator_RELU, relu},
    {tflite::BuiltinOperator_RELU6, relu6},
    {tflite::BuiltinOperator_RELU_N1_TO_1, relu_n1_to_1},
    {tflite::BuiltinOperator_RESHAPE, reshape},
    {tflite::BuiltinOperator_SOFTMAX, softmax},
    {tflite::BuiltinOperator_SQUEEZE, squeeze},
    {tflite::BuiltinOperator_SUB, sub},
    {tflite::BuiltinOperator_TANH, tanh},
    {tflite::BuiltinOperator_TRANSPOSE, transpose},
};

std::string hint_for(const TfliteOperator &entry) {
  if (entry.custom_name == "ethos-u")
    return "this file was compiled for Arm's Ethos-U by Vela; give whit the .tflite file from before that step";
  if (entry.custom_name.starts_with("Flex"))
    return "convert the model with TFLITE_BUILTINS only, without SELECT_TF_OPS";
  if (entry.code == tflite::BuiltinOperator_CUSTOM)
    return "replace the custom operator by the format's own ones before converting the model";
  return "replace it in the model by operators that `whit ops` lists";
}

Problem unsupported(const TfliteOperator &entry, const TfliteSubgraph &subgraph) {
  std::string place = entry.origin;
  if (!entry.outputs.empty()) {
    const auto *name = subgraph.tensors[static_cast<size_t>(entry.outputs[0])]->name();
    if (name != nullptr) place += fmt::format(", output '{}'", printable(name->string_view()));
  }
  return {place, "whit lacks this operator", "", hint_for(entry)};
}

}  // namespace

ImportOperator find_importer(tflite::BuiltinOperator code) {
  for (const OperatorEntry &entry : operators)
    if (entry.code == code) return entry.import;
  return nullptr;
}

void check_supported(const TfliteSubgraph &subgraph) {
  Problems problems;
  for (const TfliteOperator &entry : subgraph.operators)
    if (find_importer(entry.code) == nullptr) problems.add(unsupported(entry, subgraph));
  problems.throw_if_any();
}

}  // namespace whit
