// SPDX-License-Identifier: Apache-2.0
// Operators that slide a window or multiply by a matrix. SAME and VALID become four explicit paddings.
#include <algorithm>

#include "compiler/importers/tflite/move_nodes.hpp"
#include "compiler/importers/tflite/operators.hpp"
#include "ops/window.hpp"

namespace whit::tflite_operators {

namespace {

// Strides and paddings as the options have them; dilations are set before. `input` is N x H x W x C.
template <typename Options>
void place_window(Window &window, const OperatorReader &reader, const Options &options, const Shape &input,
                  int64_t kernel_height, int64_t kernel_width) {
  window.stride_height = options.stride_h;
  window.stride_width = options.stride_w;
  if (window.stride_height < 1 || window.stride_width < 1 || window.dilation_height < 1 || window.dilation_width < 1)
    reader.fail(fmt::format("strides {}x{}, dilations {}x{}", window.stride_height, window.stride_width,
                            window.dilation_height, window.dilation_width), "at least 1", damaged);
  if (options.padding == tflite::Padding_VALID) return;
  if (options.padding != tflite::Padding_SAME)
    reader.fail(fmt::format("padding kind {}", static_cast<int>(options.padding)), "SAME, VALID", damaged);
  std::tie(window.padding_top, window.padding_bottom) =
      same_padding(input[1], kernel_height, window.stride_height, window.dilation_height);
  std::tie(window.padding_left, window.padding_right) =
      same_padding(input[2], kernel_width, window.stride_width, window.dilation_width);
}

Shape four_axes(const OperatorReader &reader, size_t position) {
  const Shape &shape = reader.tensor(position).shape;
  if (shape.size() != 4) reader.fail(fmt::format("input {} is {}", position, text_of(shape)), "four axes", "export it with data N x H x W x C, also of one axis");
  return shape;
}

// 16-bit sums without a bias are of the type that a bias would have: one of zeros in 32 bits says so.
template <typename Options>
TensorId bias_of(OperatorReader &reader, const Options &options, int64_t channels) {
  if constexpr (requires { options.quantized_bias_type; })
    if (!reader.has_input(2) && reader.tensor(0).type == ElementType::int16 && options.quantized_bias_type == tflite::TensorType_INT32) {
      check_size(ElementType::int32, {channels}, reader.entry().origin);
      return reader.add_constant("no bias", ElementType::int32, {channels}, Bytes(static_cast<size_t>(4 * channels)));
    }
  return reader.bias(2);
}

template <typename Options>
Node convolution(OperatorReader &reader, std::string op) {
  const auto options = reader.options<Options>();
  const Shape &weights = four_axes(reader, 1);
  Window window{.dilation_height = options.dilation_h_factor, .dilation_width = options.dilation_w_factor};
  place_window(window, reader, options, four_axes(reader, 0), weights[1], weights[2]);
  Node node{.op = std::move(op), .inputs = {reader.data(0), reader.weights_as_stored(1, 0), bias_of(reader, options, weights[0])}};
  set_window(node.attributes, window);
  set_activation(node.attributes, reader, options.fused_activation_function);
  return node;
}

Node pool(OperatorReader &reader, std::string op) {
  const auto options = reader.options<tflite::Pool2DOptions>();
  Window window;
  if (options.filter_height < 1 || options.filter_width < 1)
    reader.fail(fmt::format("a {}x{} window", options.filter_height, options.filter_width), "at least 1x1", damaged);
  place_window(window, reader, options, four_axes(reader, 0), options.filter_height, options.filter_width);
  Node node{.op = std::move(op), .inputs = {reader.data(0)}};
  node.attributes = {{"kernel_height", int64_t{options.filter_height}},
                     {"kernel_width", int64_t{options.filter_width}}};
  set_window(node.attributes, window);
  set_activation(node.attributes, reader, options.fused_activation_function);
  return node;
}

}  // namespace

// Weights of fewer channels than the data are those of a group.
Node conv_2d(OperatorReader &reader) {
  const bool grouped = four_axes(reader, 0)[3] != four_axes(reader, 1)[3];
  return convolution<tflite::Conv2DOptions>(reader, grouped ? "grouped_conv2d" : "conv2d");
}

// The multiplier follows from the shapes; newer converters leave depth_multiplier 0.
Node depthwise_conv_2d(OperatorReader &reader) {
  return convolution<tflite::DepthwiseConv2DOptions>(reader, "depthwise_conv2d");
}

// Weights that are computed, or too far from their zero point: a product of two matrices, and for reals a sum; integers
// would be rounded before the sum.
static Node product(OperatorReader &reader, const tflite::FullyConnectedOptionsT &options) {
  const Shape &data = reader.tensor(0).shape, &weights = reader.tensor(1).shape;
  if (weights.size() != 2 || data.empty() || reader.tensor(0).elements() % weights[1] != 0)
    reader.fail(fmt::format("weights {} for data {}", text_of(weights), text_of(data)), "weights O x I, data of whole rows", damaged);
  const int64_t rows = reader.tensor(0).elements() / weights[1], outputs = weights[0];
  Shape shape{rows, outputs};
  if (options.keep_num_dims) {
    shape = data;
    shape.back() = outputs;
  }
  const TensorId flat = reader.emit(reshape_node(reader.data(0), {rows, weights[1]}));
  const Quantization quantization = reader.output().quantization;
  TensorId sums = reader.emit({.op = "batch_matmul", .inputs = {flat, reader.data(1)},
                               .attributes = {{"transpose_first", int64_t{0}}, {"transpose_second", int64_t{1}}}}, quantization);
  if (reader.tensor(0).type != ElementType::float32 && (reader.has_input(2) || reader.tensor(0).type != reader.tensor(1).type))
    reader.fail("integer weights that are computed, or not int8 less their zero point, with a bias or other data than int8",
                "such weights without a bias; or constant weights of zero point 0", "convert the model with symmetric weights");
  if (reader.has_input(2)) sums = reader.emit({.op = "add", .inputs = {sums, reader.data(2)}});
  Attributes activation;
  set_activation(activation, reader, options.fused_activation_function);
  if (activation.has("activation")) sums = reader.emit({.op = activation.text("activation"), .inputs = {sums}}, quantization);
  return reshape_node(sums, shape);
}

// Rows as many axes as the file's output has, whatever keep_num_dims says.
Node fully_connected(OperatorReader &reader) {
  const auto options = reader.options<tflite::FullyConnectedOptions>();
  if (options.weights_format != 0)
    reader.fail("shuffled weights", "plain weights", "convert the model without weight shuffling");
  if (!reader.tensor(1).is_constant()) return product(reader, options);
  const Shape &weights = reader.tensor(1).shape;
  const int64_t outputs = weights.empty() ? 1 : weights[0];
  const bool one_scale = !reader.tensor(1).quantization.per_axis();  // only then the reference looks at the zero point
  const std::optional<TensorId> matrix = one_scale ? reader.centred_weights(1, 0) : reader.weights_as_stored(1, 0);
  if (!matrix) return product(reader, options);
  Node node{.op = "fully_connected", .inputs = {reader.data(0), *matrix, bias_of(reader, options, outputs)}};
  set_activation(node.attributes, reader, options.fused_activation_function);
  const Shape claimed = reader.output().shape;
  const bool in_rows = claimed.size() == 2, of_rows = !options.keep_num_dims || in_rows;
  if (!of_rows) node.attributes.set("keep_axes", int64_t{1});
  if (!of_rows || in_rows || claimed.empty()) return node;
  const TensorId rows = reader.emit(std::move(node), reader.output().quantization);
  const Shape inferred = reader.in_graph(rows).shape;
  const bool agrees = element_count(claimed) == element_count(inferred) && claimed.back() == inferred.back();
  return reshape_node(rows, agrees ? claimed : inferred);
}

// The bias; one of 16 bits in 64, as 16-bit data have it.
static TensorId wide_bias(OperatorReader &reader, size_t position, size_t data_position) {
  if (!reader.has_input(position) || reader.tensor(position).type != ElementType::int16)
    return reader.bias_for(position, data_position);
  const Tensor &bias = reader.tensor(position);
  if (!bias.is_constant()) reader.fail("a bias that is computed", "constant biases", "");
  return reader.add_constant(bias.name, ElementType::int64, bias.shape, bytes_of(widened(bias)));
}

// Inputs: the output's shape, weights, data, and a bias in newer files. A shape that is computed is what the output says.
Node transpose_conv(OperatorReader &reader) {
  const auto options = reader.options<tflite::TransposeConvOptions>();
  const std::vector<int64_t> shape = reader.tensor(0).is_constant() ? reader.integers(0) : reader.output().shape;
  const Shape weights = four_axes(reader, 1), data = four_axes(reader, 2);
  if (shape.size() != 4) reader.fail("an output of shape " + text_of(shape), "four axes", damaged);
  if (options.stride_h < 1 || options.stride_w < 1)
    reader.fail(fmt::format("strides {}x{}", options.stride_h, options.stride_w), "at least 1", damaged);
  const auto padding = [&](size_t axis, int64_t stride) {
    const int64_t whole = (data[axis] - 1) * stride + weights[axis];
    return options.padding == tflite::Padding_SAME ? std::max<int64_t>(0, whole - data[axis] * stride) / 2 : int64_t{0};
  };
  Node node{.op = "transpose_conv2d", .inputs = {reader.data(2), reader.weights_as_stored(1, 2), wide_bias(reader, 3, 2)}};
  node.attributes = {{"height", shape[1]},
                     {"width", shape[2]},
                     {"stride_height", int64_t{options.stride_h}},
                     {"stride_width", int64_t{options.stride_w}},
                     {"padding_top", padding(1, options.stride_h)},
                     {"padding_left", padding(2, options.stride_w)}};
  set_activation(node.attributes, reader, options.fused_activation_function);
  return node;
}

Node batch_matmul(OperatorReader &reader) {
  const auto options = reader.options<tflite::BatchMatMulOptions>();
  return {.op = "batch_matmul", .inputs = {reader.data(0), reader.data(1)},
          .attributes = {{"transpose_first", int64_t{options.adj_x}}, {"transpose_second", int64_t{options.adj_y}}}};
}

Node average_pool_2d(OperatorReader &reader) { return pool(reader, "average_pool2d"); }
Node l2_pool_2d(OperatorReader &reader) { return pool(reader, "l2_pool2d"); }
Node max_pool_2d(OperatorReader &reader) { return pool(reader, "max_pool2d"); }

}  // namespace whit::tflite_operators
