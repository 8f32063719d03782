// SPDX-License-Identifier: Apache-2.0
// From a graph of one node to a model: tensors one to one, options and constant inputs by one line an operator.
#include <algorithm>

#include "ops/window.hpp"
#include "tests/conformance/writing.hpp"

namespace whit {

namespace {

using tflite::BuiltinOperator;

template <typename Options>
void activated(Writing &w) {
  Options options;
  options.fused_activation_function = w.activation();
  w.set(options);
}

// SAME or VALID, whatever paddings the instance has; VALID needs an input that the window fits into.
template <typename Options>
void set_window(Options &options, Writing &w, int64_t kernel_height, int64_t kernel_width) {
  const Window window = window_of(w.attributes());
  const Shape &input = w.node.input(0).shape;
  const bool fits = input[1] > (kernel_height - 1) * window.dilation_height && input[2] > (kernel_width - 1) * window.dilation_width;
  options.padding = fits && w.random() % 2 == 0 ? tflite::Padding_VALID : tflite::Padding_SAME;
  options.stride_h = static_cast<int32_t>(window.stride_height);
  options.stride_w = static_cast<int32_t>(window.stride_width);
  options.fused_activation_function = w.activation();
}

template <typename Options>
void convolution(Writing &w) {
  Options options;
  if constexpr (requires { options.quantized_bias_type; }) options.quantized_bias_type = w.bias_type();
  const Shape &weights = w.node.input(1).shape;
  set_window(options, w, weights[1], weights[2]);
  const Window window = window_of(w.attributes());
  options.dilation_h_factor = static_cast<int32_t>(window.dilation_height);
  options.dilation_w_factor = static_cast<int32_t>(window.dilation_width);
  if constexpr (requires { options.depth_multiplier; })
    options.depth_multiplier = static_cast<int32_t>(weights[3] / w.node.input(0).shape[3]);
  w.set(options);
}

void pool(Writing &w) {
  tflite::Pool2DOptionsT options;
  options.filter_height = w.integer("kernel_height");
  options.filter_width = w.integer("kernel_width");
  set_window(options, w, options.filter_height, options.filter_width);
  w.set(options);
}

void fully_connected(Writing &w) {
  tflite::FullyConnectedOptionsT options;
  options.fused_activation_function = w.activation();
  options.keep_num_dims = w.integer("keep_axes") != 0;
  options.quantized_bias_type = w.bias_type();
  w.set(options);
}

void softmax(Writing &w) {
  tflite::SoftmaxOptionsT options;
  options.beta = static_cast<float>(w.attributes().real("beta"));
  w.set(options);
}

void leaky_relu(Writing &w) {
  tflite::LeakyReluOptionsT options;
  options.alpha = static_cast<float>(w.attributes().real("alpha"));
  w.set(options);
}

void reshape(Writing &w) {
  const std::vector<int64_t> shape = w.attributes().integers("shape");
  w.add_input("shape");
  tflite::ReshapeOptionsT options;
  options.new_shape.assign(shape.begin(), shape.end());
  w.set(options);
}

void reduction(Writing &w) {
  w.add_input("axes");
  tflite::ReducerOptionsT options;
  options.keep_dims = w.integer("keep_axes") != 0;
  w.set(options);
}

void pad(Writing &w) {
  const std::vector<int64_t> padding = w.attributes().integers("padding");
  w.add_input(padding, {static_cast<int32_t>(padding.size() / 2), 2});
}

void concatenation(Writing &w) {
  tflite::ConcatenationOptionsT options;
  options.axis = w.integer("axis");
  w.set(options);
}

void gather(Writing &w) {
  tflite::GatherOptionsT options;
  options.axis = w.integer("axis");
  options.batch_dims = w.integer("batch_axes");
  w.set(options);
}

void cast(Writing &w) {
  if (w.attributes().integer("unsigned", 0) != 0) w.set_unsigned(w.node.input(0).type == ElementType::int32 ? w.entry().inputs[0] : w.entry().outputs[0]);
  tflite::CastOptionsT options;
  options.in_data_type = format_type(w.node.input(0).type);
  options.out_data_type = format_type(w.node.output().type);
  w.set(options);
}

template <typename Options>
void arg_extreme(Writing &w) {
  w.add_input({w.attributes().integer("axis")}, {1});
  Options options;
  options.output_type = tflite::TensorType_INT32;
  w.set(options);
}

void cumsum(Writing &w) {
  w.add_input({w.attributes().integer("axis")}, {1});
  tflite::CumsumOptionsT options;
  options.exclusive = w.integer("exclusive") != 0;
  options.reverse = w.integer("reverse") != 0;
  w.set(options);
}

// The format puts the output's shape and the weights before the data.
void transpose_conv(Writing &w) {
  tflite::TransposeConvOptionsT options;
  const Shape &data = w.node.input(0).shape, &output = w.node.output().shape;
  options.stride_h = w.integer("stride_height");
  options.stride_w = w.integer("stride_width");
  const bool same = output[1] == data[1] * options.stride_h && output[2] == data[2] * options.stride_w;
  options.padding = same ? tflite::Padding_SAME : tflite::Padding_VALID;
  options.fused_activation_function = w.activation();
  w.set(options);
  w.add_input(output, {4});
  std::vector<int32_t> &inputs = w.entry().inputs;  // data, weights, bias, shape
  inputs = {inputs[3], inputs[1], inputs[0], inputs[2]};
}

void batch_matmul(Writing &w) {
  tflite::BatchMatMulOptionsT options;
  options.adj_x = w.integer("transpose_first") != 0;
  options.adj_y = w.integer("transpose_second") != 0;
  w.set(options);
}

void resize(Writing &w) {
  w.add_input({w.attributes().integer("height"), w.attributes().integer("width")}, {2});
  tflite::ResizeBilinearOptionsT options;
  options.align_corners = w.integer("align_corners") != 0;
  options.half_pixel_centers = w.integer("half_pixel") != 0;
  w.set(options);
}

void svdf(Writing &w) {
  tflite::SVDFOptionsT options;
  options.rank = w.integer("rank");
  options.fused_activation_function = w.activation();
  w.set(options);
}

// The format has places for what the plain layer lacks: peepholes, projection, layer normalisation.
void lstm(Writing &w) {
  tflite::UnidirectionalSequenceLSTMOptionsT options;
  options.fused_activation_function = tflite::ActivationFunctionType_TANH;
  options.time_major = w.integer("time_major") != 0;
  options.cell_clip = static_cast<float>(w.attributes().real("cell_clip"));
  w.set(options);
  std::vector<int32_t> &inputs = w.entry().inputs;
  inputs.insert(inputs.begin() + 9, 3, -1);
  inputs.insert(inputs.begin() + 16, 2, -1);
  inputs.insert(inputs.end(), 4, -1);
}

constexpr Line lines[] = {
    {"conv2d", tflite::BuiltinOperator_CONV_2D, convolution<tflite::Conv2DOptionsT>},
    {"depthwise_conv2d", tflite::BuiltinOperator_DEPTHWISE_CONV_2D, convolution<tflite::DepthwiseConv2DOptionsT>},
    {"fully_connected", tflite::BuiltinOperator_FULLY_CONNECTED, fully_connected},
    {"average_pool2d", tflite::BuiltinOperator_AVERAGE_POOL_2D, pool},
    {"l2_pool2d", tflite::BuiltinOperator_L2_POOL_2D, pool},
    {"grouped_conv2d", tflite::BuiltinOperator_CONV_2D, convolution<tflite::Conv2DOptionsT>},
    {"max_pool2d", tflite::BuiltinOperator_MAX_POOL_2D, pool},
    {"softmax", tflite::BuiltinOperator_SOFTMAX, softmax},
    {"mean", tflite::BuiltinOperator_MEAN, reduction},
    {"sum", tflite::BuiltinOperator_SUM, reduction},
    {"reduce_max", tflite::BuiltinOperator_REDUCE_MAX, reduction},
    {"reduce_all", tflite::BuiltinOperator_REDUCE_ALL, reduction},
    {"add_n", tflite::BuiltinOperator_ADD_N},
    {"reduce_min", tflite::BuiltinOperator_REDUCE_MIN, reduction},
    {"arg_max", tflite::BuiltinOperator_ARG_MAX, arg_extreme<tflite::ArgMaxOptionsT>},
    {"arg_min", tflite::BuiltinOperator_ARG_MIN, arg_extreme<tflite::ArgMinOptionsT>},
    {"cumsum", tflite::BuiltinOperator_CUMSUM, cumsum},
    {"add", tflite::BuiltinOperator_ADD, activated<tflite::AddOptionsT>},
    {"sub", tflite::BuiltinOperator_SUB, activated<tflite::SubOptionsT>},
    {"mul", tflite::BuiltinOperator_MUL, activated<tflite::MulOptionsT>},
    {"div", tflite::BuiltinOperator_DIV, activated<tflite::DivOptionsT>},
    {"maximum", tflite::BuiltinOperator_MAXIMUM},
    {"minimum", tflite::BuiltinOperator_MINIMUM},
    {"squared_difference", tflite::BuiltinOperator_SQUARED_DIFFERENCE},
    {"floor_div", tflite::BuiltinOperator_FLOOR_DIV},
    {"floor_mod", tflite::BuiltinOperator_FLOOR_MOD},
    {"prelu", tflite::BuiltinOperator_PRELU},
    {"equal", tflite::BuiltinOperator_EQUAL},
    {"not_equal", tflite::BuiltinOperator_NOT_EQUAL},
    {"less", tflite::BuiltinOperator_LESS},
    {"less_equal", tflite::BuiltinOperator_LESS_EQUAL},
    {"greater", tflite::BuiltinOperator_GREATER},
    {"greater_equal", tflite::BuiltinOperator_GREATER_EQUAL},
    {"logical_and", tflite::BuiltinOperator_LOGICAL_AND},
    {"logical_or", tflite::BuiltinOperator_LOGICAL_OR},
    {"logical_not", tflite::BuiltinOperator_LOGICAL_NOT},
    {"select", tflite::BuiltinOperator_SELECT_V2},
    {"quantize", tflite::BuiltinOperator_QUANTIZE},
    {"dequantize", tflite::BuiltinOperator_DEQUANTIZE},
    {"cast", tflite::BuiltinOperator_CAST, cast},
    {"relu", tflite::BuiltinOperator_RELU},
    {"relu6", tflite::BuiltinOperator_RELU6},
    {"leaky_relu", tflite::BuiltinOperator_LEAKY_RELU, leaky_relu},
    {"hard_swish", tflite::BuiltinOperator_HARD_SWISH},
    {"logistic", tflite::BuiltinOperator_LOGISTIC},
    {"tanh", tflite::BuiltinOperator_TANH},
    {"elu", tflite::BuiltinOperator_ELU},
    {"abs", tflite::BuiltinOperator_ABS},
    {"neg", tflite::BuiltinOperator_NEG},
    {"square", tflite::BuiltinOperator_SQUARE},
    {"sqrt", tflite::BuiltinOperator_SQRT},
    {"rsqrt", tflite::BuiltinOperator_RSQRT},
    {"exp", tflite::BuiltinOperator_EXP},
    {"log", tflite::BuiltinOperator_LOG},
    {"sin", tflite::BuiltinOperator_SIN},
    {"cos", tflite::BuiltinOperator_COS},
    {"ceil", tflite::BuiltinOperator_CEIL},
    {"floor", tflite::BuiltinOperator_FLOOR},
    {"round", tflite::BuiltinOperator_ROUND},
    {"reshape", tflite::BuiltinOperator_RESHAPE, reshape},
    {"transpose", tflite::BuiltinOperator_TRANSPOSE, [](Writing &w) { w.add_input("permutation"); }},
    {"pad", tflite::BuiltinOperator_PAD, pad},
    {"concatenation", tflite::BuiltinOperator_CONCATENATION, concatenation},
    {"broadcast_to", tflite::BuiltinOperator_BROADCAST_TO, [](Writing &w) { w.add_input("shape"); }},
    {"transpose_conv2d", tflite::BuiltinOperator_TRANSPOSE_CONV, transpose_conv},
    {"batch_matmul", tflite::BuiltinOperator_BATCH_MATMUL, batch_matmul},
    {"log_softmax", tflite::BuiltinOperator_LOG_SOFTMAX},
    {"resize_bilinear", tflite::BuiltinOperator_RESIZE_BILINEAR, resize},
    {"l2_normalize", tflite::BuiltinOperator_L2_NORMALIZATION, [](Writing &w) { w.set(tflite::L2NormOptionsT{}); }},
    {"dynamic_update_slice", tflite::BuiltinOperator_DYNAMIC_UPDATE_SLICE},
    {"svdf", tflite::BuiltinOperator_SVDF, svdf},
    {"lstm", tflite::BuiltinOperator_UNIDIRECTIONAL_SEQUENCE_LSTM, lstm},
    {"gather", tflite::BuiltinOperator_GATHER, gather},
    {"gather_nd", tflite::BuiltinOperator_GATHER_ND},
};

const Line *line_of(std::string_view op) {
  for (std::span<const Line> all : {std::span<const Line>(lines), custom_lines()})
    for (const Line &line : all)
      if (line.op == op) return &line;
  return nullptr;
}

int32_t add_tensor(TestModel &model, const Tensor &tensor, bool with_shape) {
  std::vector<int32_t> shape;
  if (with_shape) shape.assign(tensor.shape.begin(), tensor.shape.end());
  const int32_t index = model.add_tensor(tensor.name, format_type(tensor.type), std::move(shape));
  tflite::TensorT &entry = model.tensor(index);
  entry.quantization.reset();
  if (tensor.quantization.present()) {
    entry.quantization = std::make_unique<tflite::QuantizationParametersT>();
    entry.quantization->scale = tensor.quantization.scales;
    entry.quantization->zero_point = tensor.quantization.zero_points;
    entry.quantization->quantized_dimension = std::max(0, tensor.quantization.axis);
  }
  entry.is_variable = tensor.variable;
  if (tensor.is_constant()) {
    entry.buffer = static_cast<uint32_t>(model.table.buffers.size());
    model.table.buffers.push_back(std::make_unique<tflite::BufferT>());
    model.table.buffers.back()->data = *tensor.constant;
  }
  return index;
}

}  // namespace

tflite::TensorType format_type(ElementType type) {
  switch (type) {
    case ElementType::boolean: return tflite::TensorType_BOOL;
    case ElementType::int4: return tflite::TensorType_INT4;
    case ElementType::int8: return tflite::TensorType_INT8;
    case ElementType::uint8: return tflite::TensorType_UINT8;
    case ElementType::int16: return tflite::TensorType_INT16;
    case ElementType::int32: return tflite::TensorType_INT32;
    case ElementType::int64: return tflite::TensorType_INT64;
    case ElementType::float32: return tflite::TensorType_FLOAT32;
  }
  throw InternalError("a type that the format lacks");
}

std::optional<TestModel> model_of(const Graph &graph, std::mt19937 &random) {
  const NodeView node(graph, graph.nodes.at(0));
  const Line *line = line_of(node.node().op);
  if (line == nullptr) return std::nullopt;
  TestModel model;
  std::vector<int32_t> inputs, outputs;
  for (TensorId id : node.node().inputs) {
    if (id == no_tensor) {
      inputs.push_back(-1);
      continue;
    }
    if (!line->custom.empty() && graph.tensor(id).variable) continue;  // the format's operator keeps it to itself
    inputs.push_back(add_tensor(model, graph.tensor(id), true));
    if (!graph.tensor(id).is_constant() && !graph.tensor(id).variable) model.graph().inputs.push_back(inputs.back());
  }
  for (TensorId id : graph.outputs) outputs.push_back(add_tensor(model, graph.tensor(id), false));
  model.graph().outputs = outputs;
  model.add_node(line->code, inputs, outputs);
  if (!line->custom.empty()) model.table.operator_codes.back()->custom_code = line->custom;
  Writing writing{node, model, random};
  line->write(writing);
  return model;
}

std::vector<Form> all_forms() {
  std::vector<Form> forms;
  for (const OpDef *definition : all_operators())
    for (RandomGraph make : definition->random_graphs)
      if (const Line *line = line_of(definition->name))
        forms.push_back({line->code, [make](std::mt19937 &random) { return model_of(make(random), random); },
                         std::string(line->custom)});
  for (const auto &more : {built_forms(), buffer_forms(), decode_forms(), state_forms(), rare_forms()}) forms.insert(forms.end(), more.begin(), more.end());
  return forms;
}

}  // namespace whit
