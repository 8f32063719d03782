// SPDX-License-Identifier: Apache-2.0
// The depthwise_conv2d operator: inference, kernels and the facts they declare.
#define WHIT_HOST
#include "ops/depthwise_conv2d/depthwise_conv2d.hpp"

#include "ops/depthwise_conv2d/depthwise_conv2d.kernel.hpp"
#include "ops/depthwise_conv2d/depthwise_conv2d_bytes.hpp"
#include "ops/depthwise_conv2d/depthwise_conv2d_dsp.hpp"
#include "ops/depthwise_conv2d/depthwise_conv2d_float.hpp"
#include "ops/depthwise_conv2d/depthwise_conv2d_int16_dsp.hpp"
#include "ops/depthwise_conv2d/depthwise_conv2d_mve.hpp"
#include "ops/depthwise_conv2d/depthwise_conv2d_paired.hpp"
#include "ops/int16/weighted_sum_int16.hpp"
#include "ops/int4/weighted_sum_int4.hpp"
#include "ops/random_graph.hpp"
#include "ops/weighted_sum.hpp"

namespace whit {

namespace {

constexpr int channel_axis = 3;  // of the weights, along which they are quantised

std::vector<TensorType> infer(const NodeView &node) {
  check_activation(node);
  const Shape &input = node.input(0).shape;
  const Shape &weights = node.input(1).shape;
  if (input.size() != 4 || weights.size() != 4 || weights[0] != 1 || input[3] < 1 || weights[3] % input[3] != 0)
    throw UserError({node.place(), fmt::format("data {} with weights {}", text_of(input), text_of(weights)),
                     "N x H x W x C data with 1 x KH x KW x (C * multiplier) weights",
                     "the model file may be damaged"});
  check_bias(node, weights[3]);
  const auto [height, width] = window_output_size(node, input, weights[1], weights[2]);
  return {{node.input(0).type, {input[0], height, width, weights[3]}}};
}

bool sizes_fit(const NodeView &node) {
  return counts_in_16_bits(depthwise_conv2d_geometry(node));
}

bool fits_int8(const NodeView &node) {
  return is_int8_weighted_sum(node, node.output().shape[3]) && sizes_fit(node);
}

bool fits_float(const NodeView &node) { return is_float_weighted_sum(node) && sizes_fit(node); }

template <typename Parameters>
Parameters depthwise_parameters(const WindowGeometry &geometry) {
  auto parameters = geometry_parameters<Parameters>(geometry);
  parameters.multiplier = static_cast<int16_t>(geometry.output_channels / geometry.input_channels);
  return parameters;
}

KernelCall call_int8(const NodeView &node) {
  const WindowGeometry geometry = depthwise_conv2d_geometry(node);
  auto parameters = depthwise_parameters<DepthwiseConv2dInt8Parameters>(geometry);
  set_int8_range(parameters, node);
  return {.function = "depthwise_conv2d_int8",
          .parameters = parameters_from(parameters),
          .constants = int8_constants(node, channel_multipliers(node)),
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        constant_argument(2), constant_argument(3), output_argument()}};
}

KernelCall call_float(const NodeView &node) {
  const WindowGeometry geometry = depthwise_conv2d_geometry(node);
  auto parameters = depthwise_parameters<DepthwiseConv2dFloatParameters>(geometry);
  set_float_range(parameters, node);
  return {.function = "depthwise_conv2d_float",
          .parameters = parameters_from(parameters),
          .constants = float_constants(node, geometry.output_channels),
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        output_argument()}};
}

int64_t macs(const NodeView &node) {
  const WindowGeometry geometry = depthwise_conv2d_geometry(node);
  return node.output().elements() * geometry.kernel_height * geometry.kernel_width;
}

Cost portable_cost(const NodeView &node) {
  constexpr double cycles_per_mac = 40, cycles_per_output = 400;  // small cores take most for the latter
  return {.cycles = cycles_per_mac * static_cast<double>(macs(node)) +
                    cycles_per_output * static_cast<double>(node.output().elements()),
          .constant_bytes = static_cast<double>(node.input(1).bytes()),
          .code_bytes = 900};
}

std::vector<Overlap> direct_overlap(const NodeView &node) {
  const int64_t element_bytes = bits_of(node.input(0).type) / 8;
  return {{.input = 0,
           .at_most = channel_last_overlap(depthwise_conv2d_geometry(node), element_bytes, ChannelUse::own)}};
}

constexpr std::string_view header = "ops/depthwise_conv2d/depthwise_conv2d.kernel.hpp";
constexpr Kernel kernels[] = {
    {.name = "depthwise_conv2d_mve", .header = "ops/depthwise_conv2d/depthwise_conv2d.mve.kernel.hpp",
     .features = {Feature::mve}, .fits = depthwise_conv2d_mve_facts::fits, .call = depthwise_conv2d_mve_facts::call,
     .cost = depthwise_conv2d_mve_facts::cost, .scratch = depthwise_conv2d_mve_facts::scratch,
     .overlap = depthwise_conv2d_mve_facts::overlap},
    {.name = "depthwise_conv2d_dsp", .header = "ops/depthwise_conv2d/depthwise_conv2d.dsp.kernel.hpp",
     .features = {Feature::dsp}, .fits = depthwise_conv2d_dsp::fits, .call = depthwise_conv2d_dsp::call,
     .cost = depthwise_conv2d_dsp::cost, .layouts = depthwise_conv2d_dsp::layouts,
     .scratch = depthwise_conv2d_dsp::scratch, .overlap = depthwise_conv2d_dsp::overlap},
    {.name = "depthwise_conv2d_paired", .header = "ops/depthwise_conv2d/depthwise_conv2d.paired.kernel.hpp",
     .features = {Feature::fast_multiplier}, .fits = depthwise_conv2d_paired_facts::fits,
     .call = depthwise_conv2d_paired_facts::call, .host = depthwise_conv2d_paired_facts::host,
     .cost = depthwise_conv2d_paired_facts::cost, .layouts = depthwise_conv2d_paired_facts::layouts,
     .scratch = depthwise_conv2d_paired_facts::scratch, .overlap = depthwise_conv2d_paired_facts::overlap},
    {.name = "depthwise_conv2d_bytes", .header = "ops/depthwise_conv2d/depthwise_conv2d.bytes.kernel.hpp",
     .features = {Feature::mul8, Feature::program_memory}, .fits = depthwise_conv2d_bytes_facts::fits,
     .call = depthwise_conv2d_bytes_facts::call, .host = depthwise_conv2d_bytes_facts::host,
     .cost = depthwise_conv2d_bytes_facts::cost, .scratch = depthwise_conv2d_bytes_facts::scratch,
     .overlap = depthwise_conv2d_bytes_facts::overlap},
    {.name = "depthwise_conv2d_int8", .header = header, .fits = fits_int8, .call = call_int8,
     .host = host_call<depthwise_conv2d_int8>, .cost = portable_cost, .overlap = direct_overlap},
    weighted_sum_int4_kernel::kernel("depthwise_conv2d_int4"),
    {.name = "depthwise_conv2d_int16_dsp", .header = "ops/depthwise_conv2d/depthwise_conv2d_int16.dsp.kernel.hpp",
     .features = {Feature::dsp}, .fits = depthwise_conv2d_int16_dsp_facts::fits,
     .call = depthwise_conv2d_int16_dsp_facts::call, .cost = depthwise_conv2d_int16_dsp_facts::cost,
     .overlap = depthwise_conv2d_int16_dsp_facts::overlap},
    weighted_sum_int16_kernel::wide("depthwise_conv2d_int16"),
    {.name = "depthwise_conv2d_float_fpu", .header = "ops/depthwise_conv2d/depthwise_conv2d_float.fpu.kernel.hpp",
     .features = {Feature::fpu}, .fits = depthwise_conv2d_float_facts::fits, .call = depthwise_conv2d_float_facts::call,
     .host = depthwise_conv2d_float_facts::host, .cost = depthwise_conv2d_float_facts::cost,
     .overlap = depthwise_conv2d_float_facts::overlap},
    {.name = "depthwise_conv2d_float", .header = header, .fits = fits_float, .call = call_float,
     .host = host_call<depthwise_conv2d_float>, .cost = portable_cost, .overlap = direct_overlap},
};

Graph depthwise_graph(RandomGraphBuilder &build, ElementType type, const Shape &input, const Shape &kernel,
                      const Window &window) {
  const int64_t channels = input[3] * (build.between(0, 2) == 0 ? build.between(2, 3) : 1);
  const TensorId data = build.input(type, input);
  const TensorId weights = build.weights(weight_type(type), {1, kernel[0], kernel[1], channels}, channel_axis);
  const TensorId bias = build.bias(data, weights, channels);
  Attributes attributes = build.activation();
  set_window(attributes, window);
  return build.finish({data, weights, bias}, attributes);
}

Graph random_depthwise(std::mt19937 &random, ElementType type) {
  RandomGraphBuilder build(random, "depthwise_conv2d");
  const Shape input = {build.images(), build.between(1, 9), build.between(1, 9), build.between(1, 9)};
  const int64_t height = build.between(1, 4), width = build.between(1, 4);
  const Window window = build.window(input, height, width);
  return depthwise_graph(build, type, input, {height, width}, window);
}

// What trained models ask for: 3x3, no dilation, clipping by saturation.
Graph random_trained(std::mt19937 &random) {
  RandomGraphBuilder build(random, "depthwise_conv2d");
  const Shape input = {1, build.between(3, 11), build.between(3, 11), build.between(1, 9)};
  const Window window{.stride_height = build.between(1, 3), .stride_width = build.between(1, 3),
                      .padding_top = build.between(0, 2), .padding_bottom = build.between(0, 2),
                      .padding_left = build.between(0, 2), .padding_right = build.between(0, 2)};
  return clipped_by_saturation(random, depthwise_graph(build, ElementType::int8, input, {3, 3}, window));
}

Graph random_int8(std::mt19937 &random) { return random_depthwise(random, ElementType::int8); }
Graph random_int4(std::mt19937 &random) { return weighted_sum_int4_kernel::with_narrow_weights(random_int8(random)); }
Graph random_int16(std::mt19937 &random) { return random_depthwise(random, ElementType::int16); }
Graph random_float(std::mt19937 &random) { return random_depthwise(random, ElementType::float32); }

constexpr auto attributes = window_rules + activation_rules;
constexpr RandomGraph random_graphs[] = {random_int8, random_int4, random_int16, random_float, random_trained};

}  // namespace

WindowGeometry depthwise_conv2d_geometry(const NodeView &node) {
  const Shape &weights = node.input(1).shape;
  return window_geometry(node, weights[1], weights[2]);
}

extern const OpDef depthwise_conv2d_op;
constinit const OpDef depthwise_conv2d_op = complete(
    {.name = "depthwise_conv2d", .summary = "2-D convolution of each channel by itself, with bias and fused activation",
     .least_inputs = 2, .most_inputs = 3, .quantization = QuantizationRule::accumulate,
     .weight_order = WeightOrder::output_last, .multipliers = channel_multipliers, .attributes = attributes,
     .infer = infer, .kernels = kernels, .image_by_image = true, .random_graphs = random_graphs, .macs = macs,
     .limits = "int8 with symmetric constant int8 or int4 weights, int16 (bias of 64 bits) with int8 weights, or float32 with constant weights; sizes up to 32767"});

}  // namespace whit
