// SPDX-License-Identifier: Apache-2.0
// The conv2d operator: inference, kernels and the facts they declare.
#define WHIT_HOST
#include "ops/conv2d/conv2d.hpp"

#include "ops/activation_range.hpp"
#include "ops/conv2d/conv2d.kernel.hpp"
#include "ops/conv2d/conv2d_bytes.hpp"
#include "ops/conv2d/conv2d_dsp.hpp"
#include "ops/conv2d/conv2d_int16_dsp.hpp"
#include "ops/conv2d/conv2d_mve.hpp"
#include "ops/conv2d/conv2d_paired.hpp"
#include "ops/float/weighted_sum_float.hpp"
#include "ops/int16/weighted_sum_int16.hpp"
#include "ops/int4/weighted_sum_int4.hpp"
#include "ops/int8/weighted_sum_int8_dsp.hpp"
#include "ops/random_graph.hpp"
#include "ops/weighted_sum.hpp"

namespace whit {

namespace {

std::vector<TensorType> infer(const NodeView &node) {
  check_activation(node);
  const Shape &input = node.input(0).shape;
  const Shape &weights = node.input(1).shape;
  if (input.size() != 4 || weights.size() != 4 || weights[3] != input[3])
    throw UserError({node.place(), fmt::format("data {} with weights {}", text_of(input), text_of(weights)),
                     "N x H x W x C data with O x KH x KW x C weights", "export without groups"});
  check_bias(node, weights[0]);
  const auto [height, width] = window_output_size(node, input, weights[1], weights[2]);
  return {{node.input(0).type, {input[0], height, width, weights[0]}}};
}

bool sizes_fit(const NodeView &node) {
  return counts_in_16_bits(conv2d_geometry(node));
}

bool fits_int8(const NodeView &node) {
  return is_int8_weighted_sum(node, node.output().shape[3]) && sizes_fit(node);
}

KernelCall call_int8(const NodeView &node) {
  const WindowGeometry geometry = conv2d_geometry(node);
  auto parameters = geometry_parameters<Conv2dInt8Parameters>(geometry);
  set_int8_range(parameters, node);
  return {.function = "conv2d_int8",
          .parameters = parameters_from(parameters),
          .constants = int8_constants(node, channel_multipliers(node)),
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        constant_argument(2), constant_argument(3), output_argument()}};
}

bool fits_float(const NodeView &node) { return is_float_weighted_sum(node) && sizes_fit(node); }

KernelCall call_float(const NodeView &node) {
  const WindowGeometry geometry = conv2d_geometry(node);
  auto parameters = geometry_parameters<Conv2dFloatParameters>(geometry);
  set_float_range(parameters, node);
  return {.function = "conv2d_float",
          .parameters = parameters_from(parameters),
          .constants = float_constants(node, geometry.output_channels),
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        output_argument()}};
}

int64_t macs(const NodeView &node) {
  const WindowGeometry geometry = conv2d_geometry(node);
  return node.output().elements() * geometry.kernel_height * geometry.kernel_width * geometry.input_channels;
}

Cost portable_cost(const NodeView &node) {
  constexpr double cycles_per_mac = 16, cycles_per_output = 400;  // small cores take most for the latter
  return {.cycles = cycles_per_mac * static_cast<double>(macs(node)) +
                    cycles_per_output * static_cast<double>(node.output().elements()),
          .constant_bytes = static_cast<double>(node.input(1).bytes()),
          .code_bytes = 950};
}

std::vector<Overlap> direct_overlap(const NodeView &node) {
  const int64_t element_bytes = bits_of(node.input(0).type) / 8;
  return {{.input = 0, .at_most = channel_last_overlap(conv2d_geometry(node), element_bytes)}};
}

// What kernels that widen columns leave: dilation, few output channels, clamps inside the range of int8.
bool fits_taps(const NodeView &node) { return weighted_sum_int8_dsp::fits(node) && !conv2d_dsp::fits(node); }

constexpr std::string_view mve_header = "ops/conv2d/conv2d.mve.kernel.hpp";
constexpr Kernel kernels[] = {
    {.name = "conv2d_pointwise_mve", .header = mve_header, .features = {Feature::mve}, .fits = conv2d_mve_facts::fits_pointwise,
     .call = conv2d_mve_facts::call_pointwise, .cost = conv2d_mve_facts::cost_pointwise, .overlap = conv2d_mve_facts::overlap},
    {.name = "conv2d_mve", .header = mve_header, .features = {Feature::mve}, .fits = conv2d_mve_facts::fits,
     .call = conv2d_mve_facts::call, .cost = conv2d_mve_facts::cost, .scratch = conv2d_mve_facts::scratch,
     .overlap = conv2d_mve_facts::overlap},
    {.name = "conv2d_planar_dsp", .header = "ops/conv2d/conv2d_planar.dsp.kernel.hpp", .features = {Feature::dsp},
     .fits = conv2d_planar_dsp::fits, .call = conv2d_planar_dsp::call, .cost = conv2d_planar_dsp::cost,
     .layouts = conv2d_planar_dsp::layouts, .scratch = conv2d_planar_dsp::scratch,
     .overlap = conv2d_planar_dsp::overlap},
    {.name = "conv2d_dsp", .header = "ops/conv2d/conv2d.dsp.kernel.hpp", .features = {Feature::dsp},
     .fits = conv2d_dsp::fits, .call = conv2d_dsp::call, .cost = conv2d_dsp::cost, .layouts = conv2d_dsp::layouts,
     .scratch = conv2d_dsp::scratch, .overlap = conv2d_dsp::overlap},
    {.name = "conv2d_taps_dsp", .header = "ops/int8/weighted_sum_int8.dsp.kernel.hpp", .features = {Feature::dsp}, .fits = fits_taps,
     .call = weighted_sum_int8_dsp::call, .cost = weighted_sum_int8_dsp::cost, .overlap = weighted_sum_int8_dsp::overlap},
    {.name = "conv2d_pointwise_paired", .header = "ops/conv2d/conv2d.paired.kernel.hpp",
     .features = {Feature::fast_multiplier}, .fits = conv2d_pointwise_paired_facts::fits,
     .call = conv2d_pointwise_paired_facts::call, .host = conv2d_pointwise_paired_facts::host,
     .cost = conv2d_pointwise_paired_facts::cost, .scratch = conv2d_pointwise_paired_facts::scratch,
     .overlap = conv2d_pointwise_paired_facts::overlap},
    {.name = "conv2d_paired", .header = "ops/conv2d/conv2d.paired.kernel.hpp", .features = {Feature::fast_multiplier},
     .fits = conv2d_paired_facts::fits, .call = conv2d_paired_facts::call, .host = conv2d_paired_facts::host,
     .cost = conv2d_paired_facts::cost, .scratch = conv2d_paired_facts::scratch,
     .overlap = conv2d_paired_facts::overlap},
    {.name = "conv2d_bytes", .header = "ops/conv2d/conv2d.bytes.kernel.hpp",
     .features = {Feature::mul8, Feature::program_memory}, .fits = conv2d_bytes_facts::fits,
     .call = conv2d_bytes_facts::call, .host = conv2d_bytes_facts::host, .cost = conv2d_bytes_facts::cost,
     .scratch = conv2d_bytes_facts::scratch, .overlap = conv2d_bytes_facts::overlap},
    {.name = "conv2d_int8", .header = "ops/conv2d/conv2d.kernel.hpp", .fits = fits_int8, .call = call_int8,
     .host = host_call<conv2d_int8>, .cost = portable_cost, .overlap = direct_overlap},
    weighted_sum_int4_kernel::kernel("conv2d_int4"),
    {.name = "conv2d_int16_columns_dsp", .header = "ops/conv2d/conv2d_int16.dsp.kernel.hpp", .features = {Feature::dsp},
     .fits = conv2d_int16_dsp_facts::fits, .call = conv2d_int16_dsp_facts::call, .cost = conv2d_int16_dsp_facts::cost,
     .scratch = conv2d_int16_dsp_facts::scratch, .overlap = conv2d_int16_dsp_facts::overlap},
    weighted_sum_int16_kernel::wide_dsp("conv2d_int16_dsp"),
    weighted_sum_int16_kernel::narrow_dsp("conv2d_int16_narrow_dsp"),
    weighted_sum_int16_kernel::wide("conv2d_int16"),
    weighted_sum_int16_kernel::narrow("conv2d_int16_narrow"),
    weighted_sum_float_facts::kernel("conv2d_float_fpu"),
    {.name = "conv2d_float", .header = "ops/conv2d/conv2d.kernel.hpp", .fits = fits_float, .call = call_float,
     .host = host_call<conv2d_float>, .cost = portable_cost, .overlap = direct_overlap},
};

Graph conv2d_graph(RandomGraphBuilder &build, ElementType type, const Shape &input, const Shape &weight_shape,
                   const Window &window) {
  const TensorId data = build.input(type, input);
  const TensorId weights = build.weights(weight_type(type), weight_shape, 0);
  const TensorId bias = build.bias(data, weights, weight_shape[0]);
  Attributes attributes = build.activation();
  set_window(attributes, window);
  return build.finish({data, weights, bias}, attributes);
}

Graph random_conv2d(std::mt19937 &random, ElementType type) {
  RandomGraphBuilder build(random, "conv2d");
  const Shape input = {build.images(), build.between(1, 9), build.between(1, 9), build.between(1, 9)};
  const int64_t height = build.between(1, 4), width = build.between(1, 4);
  const Window window = build.window(input, height, width);
  return conv2d_graph(build, type, input, {build.between(1, 9), height, width, input[3]}, window);
}

// What trained models ask for: several channels out, no dilation, clipping by saturation.
Graph random_trained(std::mt19937 &random, const Shape &kernel, const Window &window) {
  RandomGraphBuilder build(random, "conv2d");
  const Shape input = {build.images(), build.between(kernel[0], 9), build.between(kernel[1], 9), build.between(1, 17)};
  const Shape weights = {build.between(4, 17), kernel[0], kernel[1], input[3]};
  return clipped_by_saturation(random, conv2d_graph(build, ElementType::int8, input, weights, window));
}

Graph random_pointwise(std::mt19937 &random) { return random_trained(random, {1, 1}, {}); }

Graph random_windowed(std::mt19937 &random) {
  const auto below = [&](int64_t limit) { return static_cast<int64_t>(random() % static_cast<uint64_t>(limit)); };
  const Shape kernel = {1 + below(4), 1 + below(4)};
  return random_trained(random, kernel,
                        {.stride_height = 1 + below(3), .stride_width = 1 + below(3),
                         .padding_top = below(kernel[0]), .padding_bottom = below(kernel[0]),
                         .padding_left = below(kernel[1]), .padding_right = below(kernel[1])});
}

Graph random_int8(std::mt19937 &random) { return random_conv2d(random, ElementType::int8); }
Graph random_int4(std::mt19937 &random) { return weighted_sum_int4_kernel::with_narrow_weights(random_int8(random)); }
Graph random_int16(std::mt19937 &random) { return random_conv2d(random, ElementType::int16); }
Graph random_int16_narrow(std::mt19937 &random) { return with_narrow_bias(random_int16(random)); }
Graph random_float(std::mt19937 &random) { return random_conv2d(random, ElementType::float32); }

constexpr auto attributes = window_rules + activation_rules;
constexpr RandomGraph random_graphs[] = {random_int8, random_int4, random_int16, random_int16_narrow, random_float, random_pointwise, random_windowed};

}  // namespace

WindowGeometry conv2d_geometry(const NodeView &node) {
  const Shape &weights = node.input(1).shape;
  return window_geometry(node, weights[1], weights[2]);
}

extern const OpDef conv2d_op;
constinit const OpDef conv2d_op = complete(
    {.name = "conv2d", .summary = "2-D convolution with bias and fused activation", .least_inputs = 2,
     .most_inputs = 3, .quantization = QuantizationRule::accumulate, .weight_order = WeightOrder::output_first,
     .multipliers = channel_multipliers, .attributes = attributes, .infer = infer, .kernels = kernels, .image_by_image = true,
     .random_graphs = random_graphs, .macs = macs,
     .limits = "int8 with symmetric constant int8 or int4 weights, int16 (bias of 64 or 32 bits) with int8 weights, or float32 with constant weights; "
               "sizes up to 32767"});

}  // namespace whit
