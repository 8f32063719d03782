// SPDX-License-Identifier: Apache-2.0
// maximum, minimum, squared_difference, div, floor_div, floor_mod and prelu.
#define WHIT_HOST
#include "ops/elementwise/arithmetic.kernel.hpp"

#include <algorithm>

#include "ops/activation_range.hpp"
#include "ops/elementwise/arithmetic.dsp.kernel.hpp"
#include "ops/elementwise/pair.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr std::string_view header = "ops/elementwise/arithmetic.kernel.hpp";

KernelParameters plain_parameters(const NodeView &node) {
  return parameters_from(PlainPairParameters{static_cast<int32_t>(node.output().elements())});
}

KernelParameters quotient_parameters(const NodeView &node) {
  const RealRange range = real_activation_range(node);
  return parameters_from(QuotientParameters{static_cast<int32_t>(node.output().elements()), range.low, range.high});
}

double scale_of(const Tensor &tensor) { return static_cast<double>(tensor.quantization.scale()); }

QuantizedPairParameters quantized_pair(const NodeView &node) {
  QuantizedPairParameters p{};
  p.count = static_cast<int32_t>(node.output().elements());
  p.first_zero = static_cast<int16_t>(node.input(0).quantization.zero_point());
  p.second_zero = static_cast<int16_t>(node.input(1).quantization.zero_point());
  p.output_zero = static_cast<int16_t>(node.output().quantization.zero_point());
  const IntegerRange range = type_range(node.output().type);
  p.output_low = static_cast<int16_t>(range.low);
  p.output_high = static_cast<int16_t>(range.high);
  return p;
}

// On int8 seven more bits for the difference, fourteen for its square.
KernelParameters squared_difference_parameters(const NodeView &node) {
  const int left_shift = node.output().type == int16 ? 0 : 7;
  const double first = scale_of(node.input(0)), second = scale_of(node.input(1)), common = 2 * std::max(first, second);
  QuantizedPairParameters p = quantized_pair(node);
  p.left_shift = static_cast<int8_t>(left_shift);
  set_multiplier(first / common, p.first_multiplier, p.first_shift);
  set_multiplier(second / common, p.second_multiplier, p.second_shift);
  set_multiplier(common * common / ((1 << (2 * left_shift)) * scale_of(node.output())), p.output_multiplier,
                 p.output_shift);
  return parameters_from(p);
}

QuantizedPairParameters prelu_numbers(const NodeView &node) {
  QuantizedPairParameters p = quantized_pair(node);
  const double input = scale_of(node.input(0)), slope = scale_of(node.input(1)), output = scale_of(node.output());
  set_multiplier(input / output, p.first_multiplier, p.first_shift);
  set_multiplier(input * slope / output, p.second_multiplier, p.second_shift);
  return p;
}

KernelParameters prelu_parameters(const NodeView &node) { return parameters_from(prelu_numbers(node)); }

// Shifted zero points and values, and products, stay within 32 bits; negative products need a shift to round by.
bool prelu_dsp_fits(const NodeView &node) {
  constexpr int most_left = 20, most_right = 22;
  if (!byte_rows_fit(node)) return false;
  const QuantizedPairParameters p = prelu_numbers(node);
  return p.first_shift <= most_left && p.first_shift >= -most_right && p.second_shift < 0 && p.second_shift >= -most_right;
}

KernelCall prelu_dsp_call(const NodeView &node) {
  const QuantizedPairParameters p = prelu_numbers(node);
  const auto rounding = [&](int right) { return p.output_zero * (int32_t{1} << right) + ((int32_t{1} << right) >> 1); };
  const int left = std::max<int>(p.first_shift, 0), right = std::max<int>(-p.first_shift, 0);
  const PreluDspParameters parameters{p.first_multiplier, rounding(right), p.second_multiplier, rounding(-p.second_shift),
                                      p.first_zero, p.second_zero, static_cast<int8_t>(left + 1), static_cast<int8_t>(right),
                                      static_cast<int8_t>(-p.second_shift)};
  return call_rows(node, "byte_rows_dsp<PreluDsp>", parameters_from(parameters));
}

template <bool largest>
KernelCall extreme_dsp_call(const NodeView &node) {
  return call_rows(node, fmt::format("byte_rows_dsp<ExtremeDsp<{}>>", largest),
                   parameters_from(ExtremeDspParameters{static_cast<int32_t>(node.output().elements())}));
}

template <int cycles_per_element>
constexpr Kernel byte_rows_kernel(std::string_view name, bool (*fits)(const NodeView &), KernelCall (*call)(const NodeView &)) {
  return {.name = name, .header = "ops/elementwise/arithmetic.dsp.kernel.hpp", .features = {Feature::dsp}, .fits = fits, .call = call,
          .cost = [](const NodeView &node) { return byte_rows_cost(node, cycles_per_element); }, .layouts = byte_rows_layouts,
          .overlap = broadcast_overlap};
}

#define WHIT_EXTREME_KERNELS(op, Operation)                                                              \
  WHIT_BROADCAST_KERNEL(op "_int8", header, int8, 12, plain_parameters, Operation<int8_t>),              \
  WHIT_BROADCAST_KERNEL(op "_int16", header, int16, 12, plain_parameters, Operation<int16_t>),           \
  WHIT_BROADCAST_KERNEL(op "_int32", header, int32, 12, plain_parameters, Operation<int32_t>),           \
  WHIT_BROADCAST_KERNEL(op "_int64", header, int64, 20, plain_parameters, Operation<int64_t>),           \
  WHIT_BROADCAST_KERNEL(op "_float", header, float32, 12, plain_parameters, Operation<float>)

constexpr Kernel maximum_kernels[] = {byte_rows_kernel<3>("maximum_dsp", byte_rows_fit, extreme_dsp_call<true>),
                                      WHIT_EXTREME_KERNELS("maximum", Maximum)};
constexpr Kernel minimum_kernels[] = {byte_rows_kernel<3>("minimum_dsp", byte_rows_fit, extreme_dsp_call<false>),
                                      WHIT_EXTREME_KERNELS("minimum", Minimum)};
constexpr Kernel squared_difference_kernels[] = {
    WHIT_BROADCAST_KERNEL("squared_difference_int8", header, int8, 50, squared_difference_parameters,
                          QuantizedSquaredDifference<int8_t>),
    WHIT_BROADCAST_KERNEL("squared_difference_int16", header, int16, 50, squared_difference_parameters,
                          QuantizedSquaredDifference<int16_t>),
    WHIT_BROADCAST_KERNEL("squared_difference_int32", header, int32, 15, plain_parameters, IntegerSquaredDifference),
    WHIT_BROADCAST_KERNEL("squared_difference_float", header, float32, 15, plain_parameters, FloatSquaredDifference),
};
KernelParameters integer_quotient_parameters(const NodeView &node) {
  const RealRange range = real_activation_range(node);
  const auto limit = [](float real) { return static_cast<int32_t>(std::clamp<double>(real, INT32_MIN, INT32_MAX)); };
  return parameters_from(IntegerQuotientParameters{static_cast<int32_t>(node.output().elements()), limit(range.low),
                                                   limit(range.high)});
}

KernelParameters quantized_quotient_parameters(const NodeView &node) {
  QuantizedPairParameters p = quantized_pair(node);
  const IntegerRange range = integer_activation_range(node);
  p.output_low = static_cast<int16_t>(range.low);
  p.output_high = static_cast<int16_t>(range.high);
  set_multiplier(scale_of(node.input(0)) / (scale_of(node.input(1)) * scale_of(node.output())), p.output_multiplier,
                 p.output_shift);
  return parameters_from(p);
}

constexpr Kernel div_kernels[] = {
    WHIT_BROADCAST_KERNEL("div_int8", header, int8, 150, quantized_quotient_parameters, QuantizedQuotient),
    WHIT_BROADCAST_KERNEL("div_int32", header, int32, 30, integer_quotient_parameters, IntegerQuotient),
    WHIT_BROADCAST_KERNEL("div_float", header, float32, 25, quotient_parameters, FloatQuotient)};
constexpr Kernel floor_div_kernels[] = {
    WHIT_BROADCAST_KERNEL("floor_div_float", header, float32, 40, plain_parameters, FloorQuotient)};
constexpr Kernel floor_mod_kernels[] = {
    WHIT_BROADCAST_KERNEL("floor_mod_float", header, float32, 200, plain_parameters, FloorRemainder)};
constexpr Kernel prelu_kernels[] = {
    byte_rows_kernel<14>("prelu_dsp", prelu_dsp_fits, prelu_dsp_call),
    WHIT_BROADCAST_KERNEL("prelu_int8", header, int8, 40, prelu_parameters, QuantizedPrelu<int8_t>),
    WHIT_BROADCAST_KERNEL("prelu_int16", header, int16, 40, prelu_parameters, QuantizedPrelu<int16_t>),
    WHIT_BROADCAST_KERNEL("prelu_float", header, float32, 15, plain_parameters, FloatPrelu),
};

// The slopes repeat along the data, not the other way round.
std::vector<TensorType> infer_prelu(const NodeView &node) {
  std::vector<TensorType> types = infer_pair(node);
  if (types[0].shape != node.input(0).shape)
    throw UserError({node.place(), fmt::format("slopes {} for data {}", text_of(node.input(1).shape),
                                               text_of(node.input(0).shape)),
                     "slopes that broadcast to the data", "the model file may be damaged"});
  return types;
}

template <const auto &name, ElementType type>
Graph random_plain(std::mt19937 &random) {
  Graph graph = random_pair(random, name, type, false);
  const std::vector<TensorId> &inputs = graph.nodes[0].inputs;
  if (std::string_view(name) == "squared_difference") return graph;
  // Extremes are taken of stored values, which therefore share one scale.
  graph.tensor(inputs[1]).quantization = graph.tensor(inputs[0]).quantization;
  graph.tensor(graph.outputs[0]).quantization = graph.tensor(inputs[0]).quantization;
  return graph;
}

template <ElementType type>
Graph random_prelu(std::mt19937 &random) {
  RandomGraphBuilder build(random, "prelu");
  const Shape data = {1, build.between(1, 5), build.between(1, 5), build.between(1, 5)};
  return build.finish({build.input(type, data), build.constant(type, random_partner(random, data))}, {});
}

// On int8 with room for operands above their zero points, and factors at which the reference's shifts are defined.
template <ElementType type>
Graph random_div(std::mt19937 &random) {
  Graph graph = random_pair(random, "div", type, true);
  const std::vector<TensorId> inputs = graph.nodes[0].inputs;
  const auto uniform = [&](float low, float high) { return std::uniform_real_distribution<float>(low, high)(random); };
  if (type == int8) {
    for (TensorId input : inputs) graph.tensor(input).quantization.zero_points = {-100 + static_cast<int64_t>(random() % 100)};
    graph.tensor(graph.outputs[0]).quantization.scales = {
        graph.tensor(inputs[0]).quantization.scale() / graph.tensor(inputs[1]).quantization.scale() / uniform(4, 64)};
  }
  for (TensorId input : inputs)
    if (graph.tensor(input).is_constant())
      graph.tensor(input).constant = std::make_shared<const Bytes>(random_input(random, graph, input));
  return graph;
}

constexpr char maximum_name[] = "maximum", minimum_name[] = "minimum", squared_name[] = "squared_difference",
               floor_div_name[] = "floor_div", floor_mod_name[] = "floor_mod";

template <const auto &name>
constexpr RandomGraph extreme_graphs[] = {random_plain<name, int8>, random_plain<name, int16>, random_plain<name, int32>,
                                          random_plain<name, int64>, random_plain<name, float32>};
constexpr RandomGraph squared_graphs[] = {random_plain<squared_name, int8>, random_plain<squared_name, int16>,
                                          random_plain<squared_name, int32>,
                                          random_plain<squared_name, float32>};
constexpr RandomGraph div_graphs[] = {random_div<int8>, random_div<int32>, random_div<float32>};
constexpr RandomGraph floor_div_graphs[] = {random_plain<floor_div_name, float32>};
constexpr RandomGraph floor_mod_graphs[] = {random_plain<floor_mod_name, float32>};
constexpr RandomGraph prelu_graphs[] = {random_prelu<int8>, random_prelu<int16>, random_prelu<float32>};

// A divisor of 0 has no answer that all chips share.
std::optional<Interval> divisor_values(const NodeView &node, size_t input) {
  const Tensor &operand = node.input(input);
  if (operand.type == int8) {
    const int64_t above = operand.quantization.zero_point() + (input == 0 ? 32 : 1);
    return Interval{std::min<int64_t>(above, 127), 127};
  }
  if (input == 0) return std::nullopt;
  return operand.type == int32 ? Interval{1, 100000} : Interval{1, 5};
}

struct Facts {
  std::string_view name, summary, limits;
};

constexpr AttributeRules<0> no_attributes{};

consteval OpDef definition(Facts facts, std::span<const Kernel> kernels, std::span<const RandomGraph> graphs,
                           ChannelFlow (*flow)(const NodeView &) = separate_flow) {
  return complete({.name = facts.name, .summary = facts.summary, .least_inputs = 2, .most_inputs = 2,
                   .quantization = QuantizationRule::rescale, .attributes = no_attributes, .infer = infer_pair,
                   .kernels = kernels, .random_graphs = graphs, .channel_flow = flow, .limits = facts.limits});
}

consteval OpDef division(Facts facts, std::span<const Kernel> kernels, std::span<const RandomGraph> graphs) {
  OpDef result = definition(facts, kernels, graphs);
  result.input_values = divisor_values;
  return result;
}

consteval OpDef with_activation(OpDef definition) {
  definition.attributes = activation_rules;
  return definition;
}

consteval OpDef with_inference(OpDef definition, std::vector<TensorType> (*infer)(const NodeView &)) {
  definition.infer = infer;
  return definition;
}

constexpr std::string_view extremes = "int8, int16, int32, int64 and float32, operands and result of one type and scale";

}  // namespace

extern const OpDef maximum_op, minimum_op, squared_difference_op, div_op, floor_div_op, floor_mod_op, prelu_op;
constinit const OpDef maximum_op = definition({"maximum", "the larger of two values, broadcast", extremes},
                                              maximum_kernels, extreme_graphs<maximum_name>, monotone_flow);
constinit const OpDef minimum_op = definition({"minimum", "the smaller of two values, broadcast", extremes},
                                              minimum_kernels, extreme_graphs<minimum_name>, monotone_flow);
constinit const OpDef squared_difference_op =
    definition({"squared_difference", "(a - b)^2, broadcast", "int8, int16, int32 and float32"}, squared_difference_kernels,
               squared_graphs);
constinit const OpDef div_op =
    with_activation(division({"div", "quotient of two tensors, broadcast, with fused activation", "int8, int32 and float32"},
                             div_kernels, div_graphs));
constinit const OpDef floor_div_op =
    division({"floor_div", "quotient rounded down, broadcast", "float32"}, floor_div_kernels, floor_div_graphs);
constinit const OpDef floor_mod_op =
    division({"floor_mod", "remainder with the divisor's sign, broadcast", "float32"}, floor_mod_kernels,
             floor_mod_graphs);
constinit const OpDef prelu_op =
    with_inference(definition({"prelu", "x for x >= 0, a slope times x otherwise", "int8, int16 and float32"}, prelu_kernels,
                              prelu_graphs),
                   infer_prelu);

}  // namespace whit
