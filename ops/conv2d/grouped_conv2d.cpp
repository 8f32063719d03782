// SPDX-License-Identifier: Apache-2.0
// The grouped_conv2d operator: as conv2d, but with weights O x KH x KW x (C / groups); both O and C are multiples of the
// number of groups.
#define WHIT_HOST
#include "ops/conv2d/grouped_conv2d.kernel.hpp"

#include "ops/activation_range.hpp"
#include "ops/conv2d/conv2d.hpp"
#include "ops/int16/weighted_sum_int16.hpp"
#include "ops/int4/weighted_sum_int4.hpp"
#include "ops/int8/weighted_sum_int8_dsp.hpp"
#include "ops/random_graph.hpp"
#include "ops/weighted_sum.hpp"

namespace whit {

namespace {

int64_t groups_of(const NodeView &node) { return node.input(0).shape[3] / node.input(1).shape[3]; }

std::vector<TensorType> infer(const NodeView &node) {
  check_activation(node);
  const Shape &input = node.input(0).shape, &weights = node.input(1).shape;
  if (input.size() != 4 || weights.size() != 4 || weights[3] < 1 || input[3] < 1 || input[3] % weights[3] != 0 ||
      weights[0] % groups_of(node) != 0)
    throw UserError({node.place(), fmt::format("data {} with weights {}", text_of(input), text_of(weights)),
                     "N x H x W x C data with O x KH x KW x (C / groups) weights, O a multiple of groups",
                     "the model file may be damaged"});
  check_bias(node, weights[0]);
  const auto [height, width] = window_output_size(node, input, weights[1], weights[2]);
  return {{node.input(0).type, {input[0], height, width, weights[0]}}};
}

bool sizes_fit(const NodeView &node) { return counts_in_16_bits(conv2d_geometry(node)); }

bool fits_int8(const NodeView &node) {
  return is_int8_weighted_sum(node, node.output().shape[3]) && sizes_fit(node) && int8_sums_fit(node);
}

bool fits_float(const NodeView &node) { return is_float_weighted_sum(node) && sizes_fit(node); }

template <typename Parameters>
Parameters parameters_of(const NodeView &node) {
  auto parameters = geometry_parameters<Parameters>(conv2d_geometry(node));
  parameters.depth = static_cast<int16_t>(node.input(1).shape[3]);
  parameters.outputs = static_cast<int16_t>(node.output().shape[3] / groups_of(node));
  return parameters;
}

KernelCall call_int8(const NodeView &node) {
  auto parameters = parameters_of<GroupedConv2dInt8Parameters>(node);
  set_int8_range(parameters, node);
  return {.function = "grouped_conv2d_int8",
          .parameters = parameters_from(parameters),
          .constants = int8_constants(node, channel_multipliers(node)),
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        constant_argument(2), constant_argument(3), output_argument()}};
}

KernelCall call_float(const NodeView &node) {
  auto parameters = parameters_of<GroupedConv2dFloatParameters>(node);
  set_float_range(parameters, node);
  return {.function = "grouped_conv2d_float",
          .parameters = parameters_from(parameters),
          .constants = float_constants(node, node.output().shape[3]),
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        output_argument()}};
}

int64_t macs(const NodeView &node) {
  return node.output().elements() * (node.input(1).elements() / node.input(1).shape[0]);
}

Cost cost(const NodeView &node) {
  constexpr double cycles_per_mac = 18, cycles_per_output = 400;
  return {.cycles = cycles_per_mac * static_cast<double>(macs(node)) +
                    cycles_per_output * static_cast<double>(node.output().elements()),
          .constant_bytes = static_cast<double>(node.input(1).bytes())};
}

constexpr std::string_view header = "ops/conv2d/grouped_conv2d.kernel.hpp";
constexpr Kernel kernels[] = {
    weighted_sum_int8_dsp::kernel("grouped_conv2d_dsp"),
    {.name = "grouped_conv2d_int8", .header = header, .fits = fits_int8, .call = call_int8,
     .host = host_call<grouped_conv2d_int8>, .cost = cost},
    weighted_sum_int4_kernel::kernel("grouped_conv2d_int4"),
    weighted_sum_int16_kernel::wide_dsp("grouped_conv2d_int16_dsp"),
    weighted_sum_int16_kernel::narrow_dsp("grouped_conv2d_int16_narrow_dsp"),
    weighted_sum_int16_kernel::wide("grouped_conv2d_int16"),
    weighted_sum_int16_kernel::narrow("grouped_conv2d_int16_narrow"),
    {.name = "grouped_conv2d_float", .header = header, .fits = fits_float, .call = call_float,
     .host = host_call<grouped_conv2d_float>, .cost = cost},
};

template <ElementType type>
Graph random_grouped(std::mt19937 &random) {
  RandomGraphBuilder build(random, "grouped_conv2d");
  const int64_t groups = build.between(2, 4), depth = build.between(1, 7), outputs = groups * build.between(1, 3);
  const Shape input = {build.images(), build.between(1, 6), build.between(1, 6), groups * depth};
  const int64_t height = build.between(1, 3), width = build.between(1, 3);
  const Window window = build.window(input, height, width);
  const TensorId data = build.input(type, input);
  const TensorId weights = build.weights(weight_type(type), {outputs, height, width, depth}, 0);
  const TensorId bias = build.bias(data, weights, outputs);
  Attributes attributes = build.activation();
  set_window(attributes, window);
  return build.finish({data, weights, bias}, attributes);
}

Graph random_int4(std::mt19937 &random) {
  return weighted_sum_int4_kernel::with_narrow_weights(random_grouped<ElementType::int8>(random));
}
Graph random_int16_narrow(std::mt19937 &random) { return with_narrow_bias(random_grouped<ElementType::int16>(random)); }

constexpr auto attributes = window_rules + activation_rules;
constexpr RandomGraph random_graphs[] = {random_grouped<ElementType::int8>, random_int4, random_grouped<ElementType::int16>,
                                         random_int16_narrow, random_grouped<ElementType::float32>};

}  // namespace

// No weight order is declared: the passes that follow channels through weights hold for whole rows of them.
extern const OpDef grouped_conv2d_op;
constinit const OpDef grouped_conv2d_op = complete(
    {.name = "grouped_conv2d", .summary = "2-D convolution of channels in groups, with bias and fused activation",
     .least_inputs = 2, .most_inputs = 3, .quantization = QuantizationRule::accumulate, .attributes = attributes,
     .infer = infer, .kernels = kernels, .image_by_image = true, .random_graphs = random_graphs, .macs = macs,
     .limits = "int8 or int16 with symmetric constant int8 weights (int8 also int4), or float32 with constant weights; sizes up to 32767"});

}  // namespace whit
