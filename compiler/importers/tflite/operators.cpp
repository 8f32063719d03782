// SPDX-License-Identifier: Apache-2.0
// The table itself, and what a user is told about operators that are not in it.
#include "compiler/importers/tflite/operators.hpp"

namespace whit {

namespace {

struct OperatorEntry {
  tflite::BuiltinOperator code;
  ImportOperator import;
};

constexpr OperatorEntry operators[] = {
    {tflite::BuiltinOperator_ABS, tflite_operators::abs},
    {tflite::BuiltinOperator_SIGN, tflite_operators::sign},
    {tflite::BuiltinOperator_ADD, tflite_operators::add},
    {tflite::BuiltinOperator_ADD_N, tflite_operators::add_n},
    {tflite::BuiltinOperator_ARG_MAX, tflite_operators::arg_max},
    {tflite::BuiltinOperator_ARG_MIN, tflite_operators::arg_min},
    {tflite::BuiltinOperator_ASSIGN_VARIABLE, tflite_operators::assign_variable},
    {tflite::BuiltinOperator_AVERAGE_POOL_2D, tflite_operators::average_pool_2d},
    {tflite::BuiltinOperator_BATCH_MATMUL, tflite_operators::batch_matmul},
    {tflite::BuiltinOperator_BATCH_TO_SPACE_ND, tflite_operators::batch_to_space_nd},
    {tflite::BuiltinOperator_BROADCAST_ARGS, tflite_operators::broadcast_args},
    {tflite::BuiltinOperator_BROADCAST_TO, tflite_operators::broadcast_to},
    {tflite::BuiltinOperator_CALL_ONCE, tflite_operators::call_once},
    {tflite::BuiltinOperator_CAST, tflite_operators::cast},
    {tflite::BuiltinOperator_CEIL, tflite_operators::ceil},
    {tflite::BuiltinOperator_CONCATENATION, tflite_operators::concatenation},
    {tflite::BuiltinOperator_CONV_2D, tflite_operators::conv_2d},
    {tflite::BuiltinOperator_COS, tflite_operators::cos},
    {tflite::BuiltinOperator_CUMSUM, tflite_operators::cumsum},
    {tflite::BuiltinOperator_DEPTHWISE_CONV_2D, tflite_operators::depthwise_conv_2d},
    {tflite::BuiltinOperator_DEPTH_TO_SPACE, tflite_operators::depth_to_space},
    {tflite::BuiltinOperator_DEQUANTIZE, tflite_operators::dequantize},
    {tflite::BuiltinOperator_DIV, tflite_operators::div},
    {tflite::BuiltinOperator_DYNAMIC_UPDATE_SLICE, tflite_operators::dynamic_update_slice},
    {tflite::BuiltinOperator_ELU, tflite_operators::elu},
    {tflite::BuiltinOperator_EMBEDDING_LOOKUP, tflite_operators::embedding_lookup},
    {tflite::BuiltinOperator_EQUAL, tflite_operators::equal},
    {tflite::BuiltinOperator_EXP, tflite_operators::exp},
    {tflite::BuiltinOperator_EXPAND_DIMS, tflite_operators::expand_dims},
    {tflite::BuiltinOperator_FILL, tflite_operators::fill},
    {tflite::BuiltinOperator_FLOOR, tflite_operators::floor},
    {tflite::BuiltinOperator_FLOOR_DIV, tflite_operators::floor_div},
    {tflite::BuiltinOperator_FLOOR_MOD, tflite_operators::floor_mod},
    {tflite::BuiltinOperator_FULLY_CONNECTED, tflite_operators::fully_connected},
    {tflite::BuiltinOperator_GATHER, tflite_operators::gather},
    {tflite::BuiltinOperator_GATHER_ND, tflite_operators::gather_nd},
    {tflite::BuiltinOperator_GREATER, tflite_operators::greater},
    {tflite::BuiltinOperator_GREATER_EQUAL, tflite_operators::greater_equal},
    {tflite::BuiltinOperator_HARD_SWISH, tflite_operators::hard_swish},
    {tflite::BuiltinOperator_IF, tflite_operators::branch},
    {tflite::BuiltinOperator_L2_NORMALIZATION, tflite_operators::l2_normalization},
    {tflite::BuiltinOperator_L2_POOL_2D, tflite_operators::l2_pool_2d},
    {tflite::BuiltinOperator_LEAKY_RELU, tflite_operators::leaky_relu},
    {tflite::BuiltinOperator_LESS, tflite_operators::less},
    {tflite::BuiltinOperator_LESS_EQUAL, tflite_operators::less_equal},
    {tflite::BuiltinOperator_LOG, tflite_operators::log},
    {tflite::BuiltinOperator_LOGICAL_AND, tflite_operators::logical_and},
    {tflite::BuiltinOperator_LOGICAL_NOT, tflite_operators::logical_not},
    {tflite::BuiltinOperator_LOGICAL_OR, tflite_operators::logical_or},
    {tflite::BuiltinOperator_LOGISTIC, tflite_operators::logistic},
    {tflite::BuiltinOperator_LOG_SOFTMAX, tflite_operators::log_softmax},
    {tflite::BuiltinOperator_MAXIMUM, tflite_operators::maximum},
    {tflite::BuiltinOperator_MAX_POOL_2D, tflite_operators::max_pool_2d},
    {tflite::BuiltinOperator_MEAN, tflite_operators::mean},
    {tflite::BuiltinOperator_MINIMUM, tflite_operators::minimum},
    {tflite::BuiltinOperator_MIRROR_PAD, tflite_operators::mirror_pad},
    {tflite::BuiltinOperator_MUL, tflite_operators::mul},
    {tflite::BuiltinOperator_NEG, tflite_operators::neg},
    {tflite::BuiltinOperator_NOT_EQUAL, tflite_operators::not_equal},
    {tflite::BuiltinOperator_PACK, tflite_operators::pack},
    {tflite::BuiltinOperator_PAD, tflite_operators::pad},
    {tflite::BuiltinOperator_PADV2, tflite_operators::padv2},
    {tflite::BuiltinOperator_PRELU, tflite_operators::prelu},
    {tflite::BuiltinOperator_QUANTIZE, tflite_operators::quantize},
    {tflite::BuiltinOperator_READ_VARIABLE, tflite_operators::read_variable},
    {tflite::BuiltinOperator_REDUCE_ALL, tflite_operators::reduce_all},
    {tflite::BuiltinOperator_REDUCE_MAX, tflite_operators::reduce_max},
    {tflite::BuiltinOperator_REDUCE_MIN, tflite_operators::reduce_min},
    {tflite::BuiltinOperator_RELU, tflite_operators::relu},
    {tflite::BuiltinOperator_RELU6, tflite_operators::relu6},
    {tflite::BuiltinOperator_RELU_N1_TO_1, tflite_operators::relu_n1_to_1},
    {tflite::BuiltinOperator_RESHAPE, tflite_operators::reshape},
    {tflite::BuiltinOperator_RESIZE_BILINEAR, tflite_operators::resize_bilinear},
    {tflite::BuiltinOperator_RESIZE_NEAREST_NEIGHBOR, tflite_operators::resize_nearest_neighbor},
    {tflite::BuiltinOperator_REVERSE_V2, tflite_operators::reverse_v2},
    {tflite::BuiltinOperator_ROUND, tflite_operators::round},
    {tflite::BuiltinOperator_RSQRT, tflite_operators::rsqrt},
    {tflite::BuiltinOperator_SELECT_V2, tflite_operators::select_v2},
    {tflite::BuiltinOperator_SHAPE, tflite_operators::shape},
    {tflite::BuiltinOperator_SIN, tflite_operators::sin},
    {tflite::BuiltinOperator_SLICE, tflite_operators::slice},
    {tflite::BuiltinOperator_SOFTMAX, tflite_operators::softmax},
    {tflite::BuiltinOperator_SPACE_TO_BATCH_ND, tflite_operators::space_to_batch_nd},
    {tflite::BuiltinOperator_SPACE_TO_DEPTH, tflite_operators::space_to_depth},
    {tflite::BuiltinOperator_SPLIT, tflite_operators::split},
    {tflite::BuiltinOperator_SPLIT_V, tflite_operators::split_v},
    {tflite::BuiltinOperator_SQRT, tflite_operators::sqrt},
    {tflite::BuiltinOperator_SQUARE, tflite_operators::square},
    {tflite::BuiltinOperator_SQUARED_DIFFERENCE, tflite_operators::squared_difference},
    {tflite::BuiltinOperator_SQUEEZE, tflite_operators::squeeze},
    {tflite::BuiltinOperator_STRIDED_SLICE, tflite_operators::strided_slice},
    {tflite::BuiltinOperator_SUB, tflite_operators::sub},
    {tflite::BuiltinOperator_SUM, tflite_operators::sum},
    {tflite::BuiltinOperator_SVDF, tflite_operators::svdf},
    {tflite::BuiltinOperator_TANH, tflite_operators::tanh},
    {tflite::BuiltinOperator_TRANSPOSE, tflite_operators::transpose},
    {tflite::BuiltinOperator_TRANSPOSE_CONV, tflite_operators::transpose_conv},
    {tflite::BuiltinOperator_UNIDIRECTIONAL_SEQUENCE_LSTM, tflite_operators::unidirectional_sequence_lstm},
    {tflite::BuiltinOperator_UNPACK, tflite_operators::unpack},
    {tflite::BuiltinOperator_VAR_HANDLE, tflite_operators::var_handle},
    {tflite::BuiltinOperator_WHILE, tflite_operators::loop},
    {tflite::BuiltinOperator_ZEROS_LIKE, tflite_operators::zeros_like},
};

struct CustomEntry {
  std::string_view name;
  ImportOperator import;
};

constexpr CustomEntry custom_operators[] = {
    {"CIRCULAR_BUFFER", tflite_operators::circular_buffer},
    {"SignalDelay", tflite_operators::signal_delay},
    {"SignalEnergy", tflite_operators::signal_energy},
    {"SignalFftAutoScale", tflite_operators::signal_fft_auto_scale},
    {"SignalFilterBank", tflite_operators::signal_filter_bank},
    {"SignalFilterBankLog", tflite_operators::signal_filter_bank_log},
    {"SignalFilterBankSpectralSubtraction", tflite_operators::signal_filter_bank_spectral_subtraction},
    {"SignalFilterBankSquareRoot", tflite_operators::signal_filter_bank_square_root},
    {"SignalFramer", tflite_operators::signal_framer},
    {"SignalIrfft", tflite_operators::signal_irfft},
    {"SignalOverlapAdd", tflite_operators::signal_overlap_add},
    {"SignalPCAN", tflite_operators::signal_pcan},
    {"SignalRfft", tflite_operators::signal_rfft},
    {"SignalStacker", tflite_operators::signal_stacker},
    {"SignalWindow", tflite_operators::signal_window},
    {"TFLM_DECODE", tflite_operators::decode},
    {"TFLite_Detection_PostProcess", tflite_operators::detection_post_process},
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

ImportOperator find_importer(const TfliteOperator &entry) {
  for (const OperatorEntry &known : operators)
    if (known.code == entry.code) return known.import;
  for (const CustomEntry &known : custom_operators)
    if (entry.code == tflite::BuiltinOperator_CUSTOM && known.name == entry.custom_name) return known.import;
  return nullptr;
}

void check_supported(const TfliteSubgraph &subgraph) {
  Problems problems;
  for (const TfliteOperator &entry : subgraph.operators)
    if (find_importer(entry) == nullptr) problems.add(unsupported(entry, subgraph));
  problems.throw_if_any();
}

}  // namespace whit
