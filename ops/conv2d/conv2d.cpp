// SPDX-License-Identifier: Apache-2.0
// The conv2d operator: inference, kernels and the facts they declare.
#define WHIT_HOST
#include "ops/conv2d/conv2d.hpp"

#include <algorithm>
#include <limits>

#include "ops/activation_range.hpp"
#include "ops/conv2d/conv2d.kernel.hpp"
#include "ops/quantized_multiplier.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

bool types_are(const NodeView &node, ElementType data, ElementType weights) {
  return node.input(0).type == data && node.input(1).type == weights && node.output().type == data &&
         node.input(1).is_constant() && (!node.has_input(2) || node.input(2).is_constant());
}

std::vector<TensorType> infer(const NodeView &node) {
  check_activation(node);
  const Shape &input = node.input(0).shape;
  const Shape &weights = node.input(1).shape;
  if (input.size() != 4 || weights.size() != 4 || weights[3] != input[3])
    throw UserError({node.place(), fmt::format("data {} with weights {}", text_of(input), text_of(weights)),
                     "N x H x W x C data with O x KH x KW x C weights", "export without groups"});
  if (node.has_input(2) && node.input(2).elements() != weights[0])
    throw UserError({node.place(), fmt::format("{} bias values for {} channels", node.input(2).elements(), weights[0]),
                     "one bias value an output channel", "the model file may be damaged"});
  const auto [height, width] = window_output_size(node, input, weights[1], weights[2]);
  return {{node.input(0).type, {input[0], height, width, weights[0]}}};
}

template <typename Parameters>
Parameters geometry_parameters(const Conv2dGeometry &geometry) {
  Parameters p{};
  p.input_height = static_cast<int16_t>(geometry.input_height);
  p.input_width = static_cast<int16_t>(geometry.input_width);
  p.input_channels = static_cast<int16_t>(geometry.input_channels);
  p.output_height = static_cast<int16_t>(geometry.output_height);
  p.output_width = static_cast<int16_t>(geometry.output_width);
  p.output_channels = static_cast<int16_t>(geometry.output_channels);
  p.kernel_height = static_cast<int16_t>(geometry.kernel_height);
  p.kernel_width = static_cast<int16_t>(geometry.kernel_width);
  p.stride_height = static_cast<int16_t>(geometry.window.stride_height);
  p.stride_width = static_cast<int16_t>(geometry.window.stride_width);
  p.dilation_height = static_cast<int16_t>(geometry.window.dilation_height);
  p.dilation_width = static_cast<int16_t>(geometry.window.dilation_width);
  p.padding_top = static_cast<int16_t>(geometry.window.padding_top);
  p.padding_left = static_cast<int16_t>(geometry.window.padding_left);
  return p;
}

// The bias, or zeros where the model has none.
template <typename T>
std::vector<T> bias_of(const NodeView &node, int64_t channels) {
  if (!node.has_input(2)) return std::vector<T>(static_cast<size_t>(channels), T{0});
  return values_of<T>(*node.input(2).constant);
}

bool fits_int8(const NodeView &node) {
  return types_are(node, ElementType::int8, ElementType::int8) &&
         (!node.has_input(2) || node.input(2).type == ElementType::int32) && node.input(0).shape[0] == 1;
}

KernelCall call_int8(const NodeView &node) {
  const Conv2dGeometry geometry = conv2d_geometry(node);
  const IntegerRange range = integer_activation_range(node);
  auto parameters = geometry_parameters<Conv2dInt8Parameters>(geometry);
  parameters.input_zero = static_cast<int16_t>(node.input(0).quantization.zero_point());
  parameters.output_zero = static_cast<int16_t>(node.output().quantization.zero_point());
  parameters.output_low = static_cast<int16_t>(range.low);
  parameters.output_high = static_cast<int16_t>(range.high);
  const auto multipliers =
      channel_multipliers(node.input(0), node.input(1), node.output(), geometry.output_channels);
  return {.function = "conv2d_int8",
          .parameters = parameters_from(parameters),
          .constants = {{"weights", ElementType::int8, *node.input(1).constant},
                        {"bias", ElementType::int32, bytes_of(bias_of<int32_t>(node, geometry.output_channels))},
                        {"multipliers", ElementType::int32, bytes_of(multipliers_of(multipliers))},
                        {"shifts", ElementType::int8, bytes_of(shifts_of(multipliers))}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        constant_argument(2), constant_argument(3), output_argument()}};
}

bool fits_float(const NodeView &node) {
  return types_are(node, ElementType::float32, ElementType::float32) && node.input(0).shape[0] == 1;
}

KernelCall call_float(const NodeView &node) {
  const Conv2dGeometry geometry = conv2d_geometry(node);
  const RealRange range = real_activation_range(node);
  auto parameters = geometry_parameters<Conv2dFloatParameters>(geometry);
  parameters.output_low = range.low;
  parameters.output_high = range.high;
  return {.function = "conv2d_float",
          .parameters = parameters_from(parameters),
          .constants = {{"weights", ElementType::float32, *node.input(1).constant},
                        {"bias", ElementType::float32, bytes_of(bias_of<float>(node, geometry.output_channels))}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        output_argument()}};
}

int64_t macs(const NodeView &node) {
  const Conv2dGeometry geometry = conv2d_geometry(node);
  return geometry.output_height * geometry.output_width * geometry.output_channels * geometry.kernel_height *
         geometry.kernel_width * geometry.input_channels;
}

Cost portable_cost(const NodeView &node) {
  constexpr double cycles_per_mac = 10;
  return {.cycles = cycles_per_mac * static_cast<double>(macs(node)),
          .constant_bytes = static_cast<double>(node.input(1).bytes())};
}

std::vector<Overlap> direct_overlap(const NodeView &node) {
  const int64_t element_bytes = bits_of(node.input(0).type) / 8;
  return {{.input = 0, .at_most = channel_last_overlap(conv2d_geometry(node), element_bytes)}};
}

constexpr Kernel kernels[] = {
    {.name = "conv2d_int8", .header = "ops/conv2d/conv2d.kernel.hpp", .fits = fits_int8, .call = call_int8,
     .host = host_call<conv2d_int8>, .cost = portable_cost, .overlap = direct_overlap},
    {.name = "conv2d_float", .header = "ops/conv2d/conv2d.kernel.hpp", .fits = fits_float, .call = call_float,
     .host = host_call<conv2d_float>, .cost = portable_cost, .overlap = direct_overlap},
};

Graph random_conv2d(std::mt19937 &random, ElementType type) {
  RandomGraphBuilder build(random, "conv2d");
  const Shape input = {1, build.between(1, 9), build.between(1, 9), build.between(1, 9)};
  const int64_t kernel_height = build.between(1, 4), kernel_width = build.between(1, 4);
  const int64_t channels = build.between(1, 9);
  const Window window = build.window(input, kernel_height, kernel_width);
  const TensorId data = build.input(type, input);
  const TensorId weights = build.weights(type, {channels, kernel_height, kernel_width, input[3]}, 0);
  const TensorId bias = build.bias(data, weights, channels);
  Attributes attributes = build.activation();
  set_window(attributes, window);
  return build.finish({data, weights, bias}, attributes);
}

Graph random_int8(std::mt19937 &random) { return random_conv2d(random, ElementType::int8); }
Graph random_float(std::mt19937 &random) { return random_conv2d(random, ElementType::float32); }

constexpr RandomGraph random_graphs[] = {random_int8, random_float};

}  // namespace

Conv2dGeometry conv2d_geometry(const NodeView &node) {
  const Shape &input = node.input(0).shape, &weights = node.input(1).shape, &output = node.output().shape;
  return {.input_height = input[1], .input_width = input[2], .input_channels = input[3],
          .output_height = output[1], .output_width = output[2], .output_channels = output[3],
          .kernel_height = weights[1], .kernel_width = weights[2], .window = window_of(node.attributes())};
}

int64_t channel_last_overlap(const Conv2dGeometry &geometry, int64_t element_bytes) {
  const Window &window = geometry.window;
  int64_t needed = std::numeric_limits<int64_t>::max();  // lowest input pixel read from here to the end
  int64_t delta = needed;
  for (int64_t y = geometry.output_height - 1; y >= 0; --y)
    for (int64_t x = geometry.output_width - 1; x >= 0; --x) {
      const int64_t row = std::max<int64_t>(0, y * window.stride_height - window.padding_top);
      const int64_t column = std::max<int64_t>(0, x * window.stride_width - window.padding_left);
      needed = std::min(needed, row * geometry.input_width + column);
      const int64_t written = (y * geometry.output_width + x + 1) * geometry.output_channels;
      delta = std::min(delta, needed * geometry.input_channels - written);
    }
  return delta * element_bytes;
}

extern const OpDef conv2d_op;
constinit const OpDef conv2d_op = complete(
    {.name = "conv2d", .summary = "2-D convolution with bias and fused activation", .least_inputs = 2,
     .most_inputs = 3, .quantization = QuantizationRule::accumulate, .weight_order = WeightOrder::output_first,
     .infer = infer, .kernels = kernels, .random_graphs = random_graphs, .macs = macs});

}  // namespace whit
