// SPDX-License-Identifier: Apache-2.0
// The table of TFLite operators that whit imports: one line and one small function each, named as the format names it.
//
// A function gives the node's op, inputs and attributes; the caller adds outputs and origin and runs the inference.
#pragma once

#include "compiler/importers/tflite/operator_reader.hpp"

namespace whit {

using ImportOperator = Node (*)(OperatorReader &reader);

// The function for that code, or null where whit has none.
ImportOperator find_importer(tflite::BuiltinOperator code);

// Problems of all operators without a function, thrown together.
void check_supported(const TfliteSubgraph &subgraph);

namespace tflite_operators {

// window_operators.cpp
Node conv_2d(OperatorReader &reader);
Node depthwise_conv_2d(OperatorReader &reader);
Node fully_connected(OperatorReader &reader);
Node average_pool_2d(OperatorReader &reader);
Node max_pool_2d(OperatorReader &reader);

// element_operators.cpp
Node add(OperatorReader &reader);
Node sub(OperatorReader &reader);
Node mul(OperatorReader &reader);
Node softmax(OperatorReader &reader);
Node logistic(OperatorReader &reader);
Node tanh(OperatorReader &reader);
Node relu(OperatorReader &reader);
Node relu6(OperatorReader &reader);
Node relu_n1_to_1(OperatorReader &reader);
Node leaky_relu(OperatorReader &reader);
Node hard_swish(OperatorReader &reader);
Node quantize(OperatorReader &reader);
Node dequantize(OperatorReader &reader);

// shape_operators.cpp
Node reshape(OperatorReader &reader);
Node squeeze(OperatorReader &reader);
Node expand_dims(OperatorReader &reader);
Node transpose(OperatorReader &reader);
Node pad(OperatorReader &reader);
Node padv2(OperatorReader &reader);
Node mean(OperatorReader &reader);
Node concatenation(OperatorReader &reader);

// Sets the attribute "activation". UserError for those that are no clamp.
void set_activation(Attributes &attributes, const OperatorReader &reader, tflite::ActivationFunctionType activation);

}  // namespace tflite_operators

}  // namespace whit
