// SPDX-License-Identifier: Apache-2.0
// The transpose_conv2d operator: inputs data (1 x H x W x C), weights (O x KH x KW x C, constant), bias (O, constant,
// optional); attributes "height" and "width" (the output's), "stride_height", "stride_width", "padding_top",
// "padding_left" and "activation".
#define WHIT_HOST
#include "ops/transpose_conv2d/transpose_conv2d.dsp.kernel.hpp"
#include "ops/transpose_conv2d/transpose_conv2d.kernel.hpp"

#include <algorithm>

#include "ops/activation_range.hpp"
#include "ops/op_def.hpp"
#include "ops/random_graph.hpp"
#include "ops/transpose_conv2d/transpose_conv2d_phases.hpp"
#include "ops/weighted_sum.hpp"

namespace whit {

namespace {

constexpr int64_t longest = 16383;  // so that sums of two lengths fit 16 bits

int64_t number(const NodeView &node, std::string_view name, int64_t otherwise = 0) {
  return node.attributes().integer(name, otherwise);
}

bool within(int64_t value, int64_t low) { return value >= low && value <= longest; }

std::vector<TensorType> infer(const NodeView &node) {
  check_activation(node);
  const Shape &input = node.input(0).shape, &weights = node.input(1).shape;
  if (input.size() != 4 || weights.size() != 4 || weights[3] != input[3])
    throw UserError({node.place(), fmt::format("data {} with weights {}", text_of(input), text_of(weights)),
                     "N x H x W x C data with O x KH x KW x C weights", "the model file may be damaged"});
  check_bias(node, weights[0]);
  bool sound = within(number(node, "height"), 1) && within(number(node, "width"), 1) &&
               within(number(node, "stride_height", 1), 1) && within(number(node, "stride_width", 1), 1) &&
               within(number(node, "padding_top"), 0) && within(number(node, "padding_left"), 0);
  for (const Shape *shape : {&input, &weights})
    for (int64_t axis : *shape) sound = sound && within(axis, 1);
  if (!sound)
    throw UserError({node.place(), fmt::format("data {} with weights {} to {} x {}", text_of(input), text_of(weights),
                                               number(node, "height"), number(node, "width")),
                     fmt::format("sizes, strides and paddings up to {}", longest), "the model file may be damaged"});
  return {{node.input(0).type, {input[0], number(node, "height"), number(node, "width"), weights[0]}}};
}

template <typename Parameters>
Parameters geometry(const NodeView &node) {
  const Shape &input = node.input(0).shape, &weights = node.input(1).shape, &output = node.output().shape;
  const auto narrow = [](int64_t value) { return static_cast<int16_t>(value); };
  Parameters p{};
  p.input_height = narrow(input[1]);
  p.input_width = narrow(input[2]);
  p.input_channels = narrow(input[3]);
  p.output_height = narrow(output[1]);
  p.output_width = narrow(output[2]);
  p.output_channels = narrow(output[3]);
  p.kernel_height = narrow(weights[1]);
  p.kernel_width = narrow(weights[2]);
  p.stride_height = narrow(number(node, "stride_height", 1));
  p.stride_width = narrow(number(node, "stride_width", 1));
  p.padding_top = narrow(number(node, "padding_top"));
  p.padding_left = narrow(number(node, "padding_left"));
  return p;
}

bool fits_int8(const NodeView &node) {
  return is_int8_weighted_sum(node, node.output().shape[3]) && int8_sums_fit(node);
}

bool fits_int16(const NodeView &node) { return is_int16_weighted_sum(node, node.output().shape[3]); }

bool fits_float(const NodeView &node) { return is_float_weighted_sum(node); }

template <typename Parameters>
KernelCall int8_call(const NodeView &node, std::string function) {
  auto parameters = geometry<Parameters>(node);
  set_int8_range(parameters, node);
  return {.function = std::move(function),
          .parameters = parameters_from(parameters),
          .constants = int8_constants(node, channel_multipliers(node)),
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        constant_argument(2), constant_argument(3), output_argument()}};
}

KernelCall call_int8(const NodeView &node) {
  return int8_call<TransposeConv2dInt8Parameters>(node, "transpose_conv2d_int8");
}
KernelCall call_dsp(const NodeView &node) {
  return int8_call<TransposeConv2dDspParameters>(node, "transpose_conv2d_int8_dsp");
}

bool fits_dsp(const NodeView &node) { return fits_int8(node) && node.input(0).shape[3] >= 4; }

KernelCall call_int16(const NodeView &node) {
  auto parameters = geometry<TransposeConv2dInt8Parameters>(node);
  set_int8_range(parameters, node);
  return {.function = "transpose_conv2d_int16",
          .parameters = parameters_from(parameters),
          .constants = integer_constants<int64_t>(node, channel_multipliers(node)),
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        constant_argument(2), constant_argument(3), output_argument()}};
}

KernelCall call_float(const NodeView &node) {
  auto parameters = geometry<TransposeConv2dFloatParameters>(node);
  set_float_range(parameters, node);
  return {.function = "transpose_conv2d_float",
          .parameters = parameters_from(parameters),
          .constants = float_constants(node, node.output().shape[3]),
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        output_argument()}};
}

int64_t macs(const NodeView &node) { return node.input(0).elements() * node.input(1).elements() / node.input(1).shape[3]; }

Cost cost(const NodeView &node) {
  constexpr double cycles_per_mac = 12;
  return {.cycles = cycles_per_mac * static_cast<double>(macs(node)),
          .constant_bytes = static_cast<double>(node.input(1).bytes())};
}

Cost cost_dsp(const NodeView &node) {
  constexpr double cycles_per_mac = 2.5, cycles_per_output = 60;
  return {.cycles = cycles_per_mac * static_cast<double>(macs(node)) +
                    cycles_per_output * static_cast<double>(node.output().elements()),
          .constant_bytes = static_cast<double>(node.input(1).bytes())};
}

constexpr std::string_view header = "ops/transpose_conv2d/transpose_conv2d.kernel.hpp";
constexpr Kernel kernels[] = {
    {.name = "transpose_conv2d_phases_dsp", .header = "ops/transpose_conv2d/transpose_conv2d_phases.dsp.kernel.hpp",
     .features = {Feature::dsp}, .fits = transpose_conv2d_phases_facts::fits, .call = transpose_conv2d_phases_facts::call,
     .cost = transpose_conv2d_phases_facts::cost, .scratch = transpose_conv2d_phases_facts::scratch},
    {.name = "transpose_conv2d_int8_dsp", .header = "ops/transpose_conv2d/transpose_conv2d.dsp.kernel.hpp",
     .features = {Feature::dsp}, .fits = fits_dsp, .call = call_dsp, .cost = cost_dsp},
    {.name = "transpose_conv2d_int8", .header = header, .fits = fits_int8, .call = call_int8,
     .host = host_call<transpose_conv2d_int8>, .cost = cost},
    {.name = "transpose_conv2d_int16", .header = header, .fits = fits_int16, .call = call_int16,
     .host = host_call<transpose_conv2d_int16>, .cost = cost},
    {.name = "transpose_conv2d_float", .header = header, .fits = fits_float, .call = call_float,
     .host = host_call<transpose_conv2d_float>, .cost = cost}};

// Windows that leave neither gaps at the ends nor an output longer than the data reaches: `weights` O x KH x KW x C.
Graph transpose_conv2d_graph(RandomGraphBuilder &build, ElementType type, const Shape &input, const Shape &weights, Shape strides) {
  Attributes attributes = build.activation();
  const bool same = build.between(0, 1) == 1;
  const auto set_axis = [&](size_t axis, const std::string &length, const std::string &stride_name, const char *padding) {
    const int64_t stride = strides[axis], kernel = weights[axis];
    const int64_t whole = same ? input[axis] * stride : (input[axis] - 1) * stride + kernel;
    attributes.set(length, whole);
    attributes.set(stride_name, stride);
    attributes.set(padding, std::max<int64_t>(0, ((input[axis] - 1) * stride + kernel - whole) / 2));
  };
  set_axis(1, "height", "stride_height", "padding_top");
  set_axis(2, "width", "stride_width", "padding_left");
  const TensorId data = build.input(type, input), weight = build.weights(weight_type(type), weights, 0);
  const TensorId bias = build.bias(data, weight, weights[0]);
  return build.finish({data, weight, bias}, attributes);
}

template <ElementType type>
Graph random_transpose_conv2d(std::mt19937 &random) {
  RandomGraphBuilder build(random, "transpose_conv2d");
  const Shape input = {build.images(), build.between(1, 5), build.between(1, 5), build.between(1, 6)};
  const Shape weights = {build.between(1, 6), build.between(1, 4), build.between(1, 4), input[3]};
  return transpose_conv2d_graph(build, type, input, weights, {1, build.between(1, 3), build.between(1, 3), 1});
}

// What trained models ask for: maps twice as long, windows no smaller than the stride, several channels.
template <ElementType type>
Graph random_growth(std::mt19937 &random) {
  RandomGraphBuilder build(random, "transpose_conv2d");
  const Shape input = {1, build.between(1, 5), build.between(1, 5), build.between(1, 9)};
  const Shape weights = {build.between(4, 9), build.between(2, 4), build.between(2, 4), input[3]};
  Graph graph = transpose_conv2d_graph(build, type, input, weights, {1, 2, 2, 1});
  return type == ElementType::int8 ? clipped_by_saturation(random, std::move(graph)) : graph;
}

constexpr auto attributes = AttributeRules<6>{{{"height"}, {"width"}, {"stride_height"}, {"stride_width"},
                                               {"padding_top"}, {"padding_left"}}} + activation_rules;
constexpr RandomGraph random_graphs[] = {random_transpose_conv2d<ElementType::int8>,
                                         random_transpose_conv2d<ElementType::int16>,
                                         random_transpose_conv2d<ElementType::float32>,
                                         random_growth<ElementType::int8>, random_growth<ElementType::int16>};

}  // namespace

// No weight order is declared: the bounds of sums that passes compute from one hold for windows that slide over data.
extern const OpDef transpose_conv2d_op;
constinit const OpDef transpose_conv2d_op = complete(
    {.name = "transpose_conv2d", .summary = "2-D convolution turned round: windows added into a larger output",
     .least_inputs = 2, .most_inputs = 3, .quantization = QuantizationRule::accumulate,
     .attributes = attributes, .infer = infer, .kernels = kernels, .image_by_image = true, .random_graphs = random_graphs, .macs = macs,
     .limits = "int8 or int16 (bias of 64 bits) with symmetric constant int8 weights, or float32 with constant weights; sizes up to 16383"});

}  // namespace whit
