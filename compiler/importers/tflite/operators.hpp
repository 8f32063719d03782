// SPDX-License-Identifier: Apache-2.0
// The table of TFLite operators that whit imports: one line and one small function each, named as the format names it.
//
// A function gives the node's op, inputs and attributes; the caller adds outputs and origin and runs the inference. An
// operator of several nodes emits all but the last, which it gives; one whose outputs are known gives no op.
#pragma once

#include "compiler/importers/tflite/operator_reader.hpp"
#include "ops/states.hpp"

namespace whit {

using ImportOperator = Node (*)(OperatorReader &reader);

// The function for that operator, or null where whit has none.
ImportOperator find_importer(const TfliteOperator &entry);

// Problems of all operators without a function, thrown together.
void check_supported(const TfliteSubgraph &subgraph);

namespace tflite_operators {

// window_operators.cpp
Node conv_2d(OperatorReader &reader);
Node depthwise_conv_2d(OperatorReader &reader);
Node fully_connected(OperatorReader &reader);
Node average_pool_2d(OperatorReader &reader);
Node l2_pool_2d(OperatorReader &reader);
Node max_pool_2d(OperatorReader &reader);
Node transpose_conv(OperatorReader &reader);
Node batch_matmul(OperatorReader &reader);

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
Node div(OperatorReader &reader);
Node maximum(OperatorReader &reader);
Node minimum(OperatorReader &reader);
Node squared_difference(OperatorReader &reader);
Node floor_div(OperatorReader &reader);
Node floor_mod(OperatorReader &reader);
Node prelu(OperatorReader &reader);
Node equal(OperatorReader &reader);
Node not_equal(OperatorReader &reader);
Node less(OperatorReader &reader);
Node less_equal(OperatorReader &reader);
Node greater(OperatorReader &reader);
Node greater_equal(OperatorReader &reader);
Node logical_and(OperatorReader &reader);
Node logical_or(OperatorReader &reader);
Node logical_not(OperatorReader &reader);
Node abs(OperatorReader &reader);
Node sign(OperatorReader &reader);
Node neg(OperatorReader &reader);
Node square(OperatorReader &reader);
Node sqrt(OperatorReader &reader);
Node rsqrt(OperatorReader &reader);
Node exp(OperatorReader &reader);
Node log(OperatorReader &reader);
Node sin(OperatorReader &reader);
Node cos(OperatorReader &reader);
Node ceil(OperatorReader &reader);
Node floor(OperatorReader &reader);
Node round(OperatorReader &reader);
Node elu(OperatorReader &reader);
Node select_v2(OperatorReader &reader);
Node l2_normalization(OperatorReader &reader);
Node log_softmax(OperatorReader &reader);
Node add_n(OperatorReader &reader);
Node cast(OperatorReader &reader);

// shape_operators.cpp
Node reshape(OperatorReader &reader);
Node squeeze(OperatorReader &reader);
Node expand_dims(OperatorReader &reader);
Node transpose(OperatorReader &reader);
Node pad(OperatorReader &reader);
Node padv2(OperatorReader &reader);
Node mean(OperatorReader &reader);
Node concatenation(OperatorReader &reader);
Node sum(OperatorReader &reader);
Node reduce_max(OperatorReader &reader);
Node reduce_all(OperatorReader &reader);
Node reduce_min(OperatorReader &reader);
Node arg_max(OperatorReader &reader);
Node arg_min(OperatorReader &reader);
Node cumsum(OperatorReader &reader);

// move_operators.cpp
Node slice(OperatorReader &reader);
Node strided_slice(OperatorReader &reader);
Node split(OperatorReader &reader);
Node split_v(OperatorReader &reader);
Node unpack(OperatorReader &reader);
Node pack(OperatorReader &reader);
Node gather(OperatorReader &reader);
Node gather_nd(OperatorReader &reader);
Node embedding_lookup(OperatorReader &reader);
Node reverse_v2(OperatorReader &reader);
Node mirror_pad(OperatorReader &reader);
Node broadcast_args(OperatorReader &reader);
Node broadcast_to(OperatorReader &reader);
Node fill(OperatorReader &reader);
Node zeros_like(OperatorReader &reader);
Node shape(OperatorReader &reader);
Node resize_nearest_neighbor(OperatorReader &reader);
Node resize_bilinear(OperatorReader &reader);
Node dynamic_update_slice(OperatorReader &reader);

// block_operators.cpp
Node space_to_depth(OperatorReader &reader);
Node depth_to_space(OperatorReader &reader);
Node space_to_batch_nd(OperatorReader &reader);
Node batch_to_space_nd(OperatorReader &reader);

// control_operators.cpp
Node branch(OperatorReader &reader);
Node loop(OperatorReader &reader);

// state_operators.cpp; those that compute nothing give a node without operator
Node svdf(OperatorReader &reader);
Node unidirectional_sequence_lstm(OperatorReader &reader);
Node var_handle(OperatorReader &reader);
Node read_variable(OperatorReader &reader);
Node assign_variable(OperatorReader &reader);
Node call_once(OperatorReader &reader);
Node circular_buffer(OperatorReader &reader);
// The node with variables for what its operator remembers and the file does not mention.
Node remembering(OperatorReader &reader, Node node, States states);

// decode_operator.cpp
Node decode(OperatorReader &reader);

// detection_operator.cpp
Node detection_post_process(OperatorReader &reader);

// signal_operators.cpp
Node signal_rfft(OperatorReader &reader);
Node signal_irfft(OperatorReader &reader);
Node signal_fft_auto_scale(OperatorReader &reader);
Node signal_window(OperatorReader &reader);
Node signal_energy(OperatorReader &reader);
Node signal_filter_bank(OperatorReader &reader);
Node signal_filter_bank_square_root(OperatorReader &reader);
Node signal_filter_bank_log(OperatorReader &reader);
Node signal_pcan(OperatorReader &reader);
Node signal_filter_bank_spectral_subtraction(OperatorReader &reader);
Node signal_framer(OperatorReader &reader);
Node signal_delay(OperatorReader &reader);
Node signal_stacker(OperatorReader &reader);
Node signal_overlap_add(OperatorReader &reader);

// Sets the attribute "activation". UserError for those that are no clamp.
void set_activation(Attributes &attributes, const OperatorReader &reader, tflite::ActivationFunctionType activation);

}  // namespace tflite_operators

}  // namespace whit
