// SPDX-License-Identifier: Apache-2.0
// The fully_connected operator: inference, kernels and the facts they declare.
#define WHIT_HOST
#include "ops/fully_connected/fully_connected.hpp"

#include "ops/fully_connected/fully_connected.kernel.hpp"
#include "ops/fully_connected/fully_connected_bytes.hpp"
#include "ops/fully_connected/fully_connected_dsp.hpp"
#include "ops/fully_connected/fully_connected_fours.hpp"
#include "ops/fully_connected/fully_connected_mve.hpp"
#include "ops/float/weighted_sum_float.hpp"
#include "ops/int16/weighted_sum_int16.hpp"
#include "ops/int4/weighted_sum_int4.hpp"
#include "ops/random_graph.hpp"
#include "ops/weighted_sum.hpp"

namespace whit {

namespace {

bool keeps_axes(const NodeView &node) { return node.attributes().integer("keep_axes") != 0; }

[[noreturn]] void refuse_shapes(const NodeView &node) {
  throw UserError({node.place(),
                   fmt::format("data {} with weights {}", text_of(node.input(0).shape), text_of(node.input(1).shape)),
                   "rows of I values with O x I weights", "the model file may be damaged"});
}

std::vector<TensorType> infer(const NodeView &node) {
  check_activation(node);
  const Tensor &data = node.input(0);
  const Shape &weights = node.input(1).shape;
  if (weights.size() != 2 || weights[1] < 1 || data.shape.empty() || data.elements() % weights[1] != 0)
    refuse_shapes(node);
  check_bias(node, weights[0]);
  if (!keeps_axes(node)) return {{data.type, {data.elements() / weights[1], weights[0]}}};
  if (data.shape.back() != weights[1]) refuse_shapes(node);
  Shape output = data.shape;
  output.back() = weights[0];
  return {{data.type, output}};
}

int64_t outputs_of(const NodeView &node) { return node.input(1).shape[0]; }

bool has_scale_per_output(const NodeView &node) { return node.input(1).quantization.scales.size() > 1; }

bool fits_int8(const NodeView &node) {
  return is_int8_weighted_sum(node, outputs_of(node)) && !has_scale_per_output(node);
}

bool fits_int8_per_output(const NodeView &node) { return is_int8_weighted_sum(node, outputs_of(node)); }

bool fits_float(const NodeView &node) { return is_float_weighted_sum(node); }

template <typename Parameters>
Parameters size_parameters(const NodeView &node) {
  const FullyConnectedSize size = fully_connected_size(node);
  Parameters parameters{};
  parameters.rows = static_cast<int32_t>(size.rows);
  parameters.depth = static_cast<int32_t>(size.depth);
  parameters.outputs = static_cast<int32_t>(size.outputs);
  return parameters;
}

KernelCall call_int8(const NodeView &node) {
  auto parameters = size_parameters<FullyConnectedInt8Parameters>(node);
  set_int8_range(parameters, node);
  const QuantizedMultiplier multiplier = fully_connected_multipliers(node).at(0);
  parameters.multiplier = multiplier.multiplier;
  parameters.shift = multiplier.shift;
  return {.function = "fully_connected_int8",
          .parameters = parameters_from(parameters),
          .constants = {{"weights", ElementType::int8, *node.input(1).constant},
                        {"bias", ElementType::int32, bytes_of(bias_of<int32_t>(node, outputs_of(node)))}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        output_argument()}};
}

KernelCall call_int8_per_output(const NodeView &node) {
  auto parameters = size_parameters<FullyConnectedInt8Parameters>(node);
  set_int8_range(parameters, node);
  return {.function = "fully_connected_int8_per_output",
          .parameters = parameters_from(parameters),
          .constants = int8_constants(node, fully_connected_multipliers(node)),
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        constant_argument(2), constant_argument(3), output_argument()}};
}

KernelCall call_float(const NodeView &node) {
  auto parameters = size_parameters<FullyConnectedFloatParameters>(node);
  set_float_range(parameters, node);
  return {.function = "fully_connected_float",
          .parameters = parameters_from(parameters),
          .constants = float_constants(node, outputs_of(node)),
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        output_argument()}};
}

int64_t macs(const NodeView &node) {
  const FullyConnectedSize size = fully_connected_size(node);
  return size.rows * size.depth * size.outputs;
}

Cost portable_cost(const NodeView &node) {
  constexpr double cycles_per_mac = 12, cycles_per_output = 400;  // small cores take most for the latter
  return {.cycles = cycles_per_mac * static_cast<double>(macs(node)) +
                    cycles_per_output * static_cast<double>(node.output().elements()),
          .constant_bytes = static_cast<double>(node.input(1).bytes()),
          .code_bytes = 200};
}

constexpr std::string_view header = "ops/fully_connected/fully_connected.kernel.hpp";
constexpr Kernel kernels[] = {
    {.name = "fully_connected_mve", .header = "ops/fully_connected/fully_connected.mve.kernel.hpp",
     .features = {Feature::mve}, .fits = fully_connected_mve_facts::fits, .call = fully_connected_mve_facts::call,
     .cost = fully_connected_mve_facts::cost},
    {.name = "fully_connected_dsp", .header = "ops/fully_connected/fully_connected.dsp.kernel.hpp",
     .features = {Feature::dsp}, .fits = fully_connected_dsp::fits, .call = fully_connected_dsp::call,
     .cost = fully_connected_dsp::cost, .scratch = fully_connected_dsp::scratch,
     .overlap = fully_connected_dsp::overlap},
    {.name = "fully_connected_fours", .header = "ops/fully_connected/fully_connected.fours.kernel.hpp",
     .features = {Feature::fast_multiplier}, .fits = fully_connected_fours_facts::fits,
     .call = fully_connected_fours_facts::call, .host = fully_connected_fours_facts::host,
     .cost = fully_connected_fours_facts::cost},
    {.name = "fully_connected_bytes", .header = "ops/fully_connected/fully_connected.bytes.kernel.hpp",
     .features = {Feature::mul8, Feature::program_memory}, .fits = fully_connected_bytes_facts::fits,
     .call = fully_connected_bytes_facts::call, .host = fully_connected_bytes_facts::host,
     .cost = fully_connected_bytes_facts::cost, .scratch = fully_connected_bytes_facts::scratch,
     .overlap = fully_connected_bytes_facts::overlap},
    {.name = "fully_connected_int8", .header = header, .fits = fits_int8, .call = call_int8,
     .host = host_call<fully_connected_int8>, .cost = portable_cost},
    {.name = "fully_connected_int8_per_output", .header = header, .fits = fits_int8_per_output,
     .call = call_int8_per_output, .host = host_call<fully_connected_int8_per_output>, .cost = portable_cost},
    weighted_sum_int4_kernel::kernel("fully_connected_int4"),
    weighted_sum_int16_kernel::wide_dsp("fully_connected_int16_dsp"),
    weighted_sum_int16_kernel::narrow_dsp("fully_connected_int16_narrow_dsp"),
    weighted_sum_int16_kernel::wide("fully_connected_int16"),
    weighted_sum_int16_kernel::narrow("fully_connected_int16_narrow"),
    weighted_sum_float_facts::kernel("fully_connected_float_fpu"),
    {.name = "fully_connected_float", .header = header, .fits = fits_float, .call = call_float,
     .host = host_call<fully_connected_float>, .cost = portable_cost},
};

Graph random_fully_connected(std::mt19937 &random, ElementType type) {
  RandomGraphBuilder build(random, "fully_connected");
  const int64_t depth = build.between(1, 40), outputs = build.between(1, 12);
  Shape shape = {build.between(1, 3), depth};
  if (build.between(0, 2) == 0) shape.insert(shape.begin() + 1, build.between(1, 4));
  const TensorId data = build.input(type, shape);
  const TensorId weights = build.weights(weight_type(type), {outputs, depth}, 0);
  const TensorId bias = build.bias(data, weights, outputs);
  Attributes attributes = build.activation();
  attributes.set("keep_axes", build.between(0, 1));
  return build.finish({data, weights, bias}, attributes);
}

Graph random_int8(std::mt19937 &random) { return random_fully_connected(random, ElementType::int8); }
// With one scale, as the reference has them.
Graph random_int4(std::mt19937 &random) {
  Graph graph = random_int8(random);
  while (graph.tensor(graph.nodes[0].inputs[1]).quantization.per_axis()) graph = random_int8(random);
  return weighted_sum_int4_kernel::with_narrow_weights(std::move(graph));
}
Graph random_int16(std::mt19937 &random) { return random_fully_connected(random, ElementType::int16); }
Graph random_int16_narrow(std::mt19937 &random) { return with_narrow_bias(random_int16(random)); }
Graph random_float(std::mt19937 &random) { return random_fully_connected(random, ElementType::float32); }
Graph random_trained(std::mt19937 &random) { return clipped_by_saturation(random, random_int8(random)); }

constexpr auto attributes = activation_rules + AttributeRules<1>{{{"keep_axes"}}};
constexpr RandomGraph random_graphs[] = {random_int8, random_int4, random_int16, random_int16_narrow, random_float, random_trained};

}  // namespace

FullyConnectedSize fully_connected_size(const NodeView &node) {
  const Shape &weights = node.input(1).shape;
  return {.rows = node.input(0).elements() / weights[1], .depth = weights[1], .outputs = weights[0]};
}

std::vector<QuantizedMultiplier> fully_connected_multipliers(const NodeView &node) {
  if (has_scale_per_output(node)) return channel_multipliers(node);
  const auto scale = [](const Tensor &tensor) { return static_cast<double>(tensor.quantization.scale()); };
  const double factor = scale(node.input(0)) * scale(node.input(1)) / scale(node.output());
  return std::vector(static_cast<size_t>(outputs_of(node)), quantize_multiplier(factor));
}

extern const OpDef fully_connected_op;
constinit const OpDef fully_connected_op = complete(
    {.name = "fully_connected", .summary = "rows of data times a weight matrix, with bias and fused activation",
     .least_inputs = 2, .most_inputs = 3, .quantization = QuantizationRule::accumulate,
     .weight_order = WeightOrder::output_first, .multipliers = fully_connected_multipliers, .attributes = attributes,
     .infer = infer, .kernels = kernels, .random_graphs = random_graphs, .macs = macs,
     .limits = "int8 with symmetric constant int8 or int4 weights, int16 with int8 weights, or float32 with constant weights"});

}  // namespace whit
