// SPDX-License-Identifier: Apache-2.0
// relu, relu6 and relu_n1_to_1: limits on floats; on integers a clamp where input and output share one quantisation,
// otherwise a change of scale within the limits.
#define WHIT_HOST
#include "ops/activation/activation.hpp"
#include "ops/activation/activation.kernel.hpp"
#include "ops/activation/lookup.hpp"
#include "ops/quantize/quantize.hpp"
#include "ops/quantize/quantize.kernel.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr std::string_view rescale_header = "ops/quantize/quantize.kernel.hpp";
constexpr RealRange relu_range{.low = 0.0F};
constexpr RealRange relu6_range{0.0F, 6.0F};
constexpr RealRange relu_n1_to_1_range{-1.0F, 1.0F};

bool same_quantization(const NodeView &node) {
  return node.input(0).quantization == node.output().quantization;
}

template <ElementType type>
bool fits_clamp(const NodeView &node) {
  return fits_type<type>(node) && same_quantization(node);
}

// The limits as integers of the input.
template <RealRange range>
KernelCall call_clamp(const NodeView &node) {
  const IntegerRange limits = quantized_range(range, node.input(0));
  const ClampParameters parameters{count_of(node), static_cast<int16_t>(limits.low), static_cast<int16_t>(limits.high)};
  return unary_call(fmt::format("unary<Clamp<{}>>", c_type_of(node.input(0).type)), parameters_from(parameters));
}

template <RealRange range>
KernelCall call_lookup(const NodeView &node) {
  const IntegerRange limits = quantized_range(range, node.output());
  return lookup_call(node, [&](int32_t stored) { return rescaled(node, limits, stored); });
}

template <RealRange range>
KernelCall call_rescale(const NodeView &node) {
  const std::string_view type = c_type_of(node.output().type);
  return unary_call(fmt::format("unary<Rescale<{}, {}>>", type, type),
                    rescale_parameters(node, quantized_range(range, node.output())));
}

template <ElementType type, typename T, RealRange range>
constexpr Kernel clamp_kernel(std::string_view name, bool (*fits)(const NodeView &)) {
  return unary_kernel<6>(name, activation_header, fits, call_clamp<range>, host_call<unary<Clamp<T>>>);
}

template <ElementType type, typename T, RealRange range>
constexpr Kernel rescale_kernel(std::string_view name) {
  return unary_kernel<20>(name, rescale_header, fits_type<type>, call_rescale<range>,
                          host_call<unary<Rescale<T, T>>>);
}

template <typename Operation>
constexpr Kernel float_kernel(std::string_view name, KernelCall (*call)(const NodeView &)) {
  return unary_kernel<8>(name, activation_header, fits_type<float32>, call, host_call<unary<Operation>>);
}

#define WHIT_RELU_KERNELS(op, range, Operation)                                                       \
  clamp_kernel<int8, int8_t, range>(op "_int8_clamp", fits_clamp<int8>),                              \
  clamp_kernel<int16, int16_t, range>(op "_int16_clamp", fits_clamp<int16>),                          \
  WHIT_LOOKUP_KERNELS(op "_int8_lookup", fits_type<int8>, call_lookup<range>),                              \
  rescale_kernel<int8, int8_t, range>(op "_int8_rescale"),                                            \
  rescale_kernel<int16, int16_t, range>(op "_int16_rescale"),                                         \
  float_kernel<Operation>(op "_float", [](const NodeView &node) { return float_activation_call(node, #Operation); })

constexpr Kernel relu_kernels[] = {WHIT_RELU_KERNELS("relu", relu_range, Relu)};
constexpr Kernel relu_n1_to_1_kernels[] = {WHIT_RELU_KERNELS("relu_n1_to_1", relu_n1_to_1_range, ReluN1To1)};

// The reference clamps the stored integers and never changes their scale.
constexpr Kernel relu6_kernels[] = {
    clamp_kernel<int8, int8_t, relu6_range>("relu6_int8_clamp", fits_type<int8>),
    clamp_kernel<int16, int16_t, relu6_range>("relu6_int16_clamp", fits_type<int16>),
    float_kernel<Relu6>("relu6_float", [](const NodeView &node) { return float_activation_call(node, "Relu6"); }),
};

// Every other time with one quantisation for input and output.
Graph random_relu(std::mt19937 &random, std::string op, ElementType type) {
  Graph graph = random_unary(random, std::move(op), type);
  if (random() % 2 == 0) graph.tensor(graph.outputs[0]).quantization = graph.tensor(graph.inputs[0]).quantization;
  return graph;
}

template <ElementType type>
Graph random_relu(std::mt19937 &random) { return random_relu(random, "relu", type); }
template <ElementType type>
Graph random_relu6(std::mt19937 &random) { return random_relu(random, "relu6", type); }
template <ElementType type>
Graph random_relu_n1_to_1(std::mt19937 &random) { return random_relu(random, "relu_n1_to_1", type); }

constexpr RandomGraph relu_graphs[] = {random_relu<int8>, random_relu<int16>, random_relu<float32>};
constexpr RandomGraph relu6_graphs[] = {random_relu6<int8>, random_relu6<int16>, random_relu6<float32>};
constexpr RandomGraph relu_n1_to_1_graphs[] = {random_relu_n1_to_1<int8>, random_relu_n1_to_1<int16>,
                                               random_relu_n1_to_1<float32>};

consteval OpDef definition(std::string_view name, std::string_view summary, std::span<const Kernel> kernels,
                           std::span<const RandomGraph> graphs) {
  return complete({.name = name, .summary = summary, .quantization = QuantizationRule::rescale,
                   .attributes = no_attributes, .infer = infer_same, .kernels = kernels, .random_graphs = graphs, .channel_flow = monotone_flow,
                   .limits = "int8, int16 (zero points of 0) and float32"});
}

}  // namespace

extern const OpDef relu_op, relu6_op, relu_n1_to_1_op;
constinit const OpDef relu_op = definition("relu", "max(x, 0)", relu_kernels, relu_graphs);
constinit const OpDef relu6_op = definition("relu6", "x within 0 and 6", relu6_kernels, relu6_graphs);
constinit const OpDef relu_n1_to_1_op =
    definition("relu_n1_to_1", "x within -1 and 1", relu_n1_to_1_kernels, relu_n1_to_1_graphs);

}  // namespace whit
