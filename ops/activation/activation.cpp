// SPDX-License-Identifier: Apache-2.0
// leaky_relu, hard_swish, logistic and tanh: a function of its own on floats, a table on int8.
#define WHIT_HOST
#include "ops/activation/activation.hpp"

#include <cmath>

#include "ops/activation/activation.kernel.hpp"
#include "ops/activation/lookup.hpp"
#include "ops/int16/sigmoid_int16.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

using enum ElementType;

using Int8Function = int32_t (*)(const NodeView &node, int32_t stored);

template <Int8Function function>
KernelCall call_table(const NodeView &node) {
  return lookup_call(node, [&](int32_t stored) { return function(node, stored); });
}

std::vector<TensorType> infer_leaky_relu(const NodeView &node) {
  const double alpha = node.attributes().real("alpha");
  if (!std::isfinite(static_cast<float>(alpha)))
    throw UserError({node.place(), fmt::format("alpha is {}", alpha), "finite numbers", "the model file may be damaged"});
  return infer_same(node);
}

KernelCall call_leaky_relu(const NodeView &node) {
  const LeakyReluParameters parameters{count_of(node), static_cast<float>(node.attributes().real("alpha"))};
  return unary_call("unary<LeakyRelu>", parameters_from(parameters));
}

// The output's scale and zero point follow from the function: values from 0 (or -1) to 1 fill int8.
bool output_is(const NodeView &node, float scale, int64_t zero_point) {
  const Quantization &quantization = node.output().quantization;
  return quantization.scale() == scale && quantization.zero_point() == zero_point;
}

bool fits_hard_swish(const NodeView &node) { return fits_type<int8>(node) && hard_swish_scales_fit(node); }
bool fits_logistic(const NodeView &node) { return fits_type<int8>(node) && output_is(node, 1.0F / 256, -128); }
bool fits_tanh(const NodeView &node) { return fits_type<int8>(node) && output_is(node, 1.0F / 128, 0); }

#define WHIT_FLOAT_KERNEL(name, cycles, Operation)                                                      \
  unary_kernel<cycles>(name, activation_header, fits_type<float32>,                                     \
                       [](const NodeView &node) { return float_activation_call(node, #Operation); },    \
                       host_call<unary<Operation>>)

constexpr Kernel leaky_relu_kernels[] = {
    WHIT_LOOKUP_KERNELS("leaky_relu_int8", fits_type<int8>, call_table<leaky_relu_int8>),
    unary_kernel<25>("leaky_relu_int16", sigmoid_int16::header, sigmoid_int16::fits_leaky_relu,
                     sigmoid_int16::call_leaky_relu, sigmoid_int16::host_leaky_relu),
    unary_kernel<12>("leaky_relu_float", activation_header, fits_type<float32>, call_leaky_relu,
                     host_call<unary<LeakyRelu>>),
};
constexpr Kernel hard_swish_kernels[] = {
    WHIT_LOOKUP_KERNELS("hard_swish_int8", fits_hard_swish, call_table<hard_swish_int8>),
    WHIT_FLOAT_KERNEL("hard_swish_float", 30, HardSwish),
};
constexpr Kernel logistic_kernels[] = {
    WHIT_LOOKUP_KERNELS("logistic_int8", fits_logistic, call_table<logistic_int8>),
    unary_kernel<30>("logistic_int16", sigmoid_int16::header, sigmoid_int16::fits, sigmoid_int16::call_logistic,
                     sigmoid_int16::host_logistic),
    WHIT_FLOAT_KERNEL("logistic_float", 80, Logistic),
};
constexpr Kernel tanh_kernels[] = {
    WHIT_LOOKUP_KERNELS("tanh_int8", fits_tanh, call_table<tanh_int8>),
    unary_kernel<30>("tanh_int16", sigmoid_int16::header, sigmoid_int16::fits, sigmoid_int16::call_tanh,
                     sigmoid_int16::host_tanh),
    WHIT_FLOAT_KERNEL("tanh_float", 80, Tanh),
};

Graph with_output(Graph graph, float scale, int64_t zero_point) {
  graph.tensor(graph.outputs[0]).quantization = {.scales = {scale}, .zero_points = {zero_point}};
  return graph;
}

template <ElementType type>
Graph random_leaky_relu(std::mt19937 &random) {
  const double alpha = std::uniform_real_distribution<float>(-0.5F, 1.5F)(random);
  return random_unary(random, "leaky_relu", type, {{"alpha", alpha}});
}
Graph random_hard_swish_int8(std::mt19937 &random) {
  Graph graph = random_unary(random, "hard_swish", int8);
  graph.tensor(graph.outputs[0]).quantization = graph.tensor(graph.inputs[0]).quantization;
  return graph;
}
Graph random_logistic_int8(std::mt19937 &random) {
  return with_output(random_unary(random, "logistic", int8), 1.0F / 256, -128);
}
Graph random_tanh_int8(std::mt19937 &random) { return with_output(random_unary(random, "tanh", int8), 1.0F / 128, 0); }
// Arguments of a few units, where the functions bend.
Graph random_sigmoid_int16(std::mt19937 &random, std::string op) {
  Graph graph = with_output(random_unary(random, std::move(op), int16), 1.0F / 32768, 0);
  graph.tensor(graph.inputs[0]).quantization.scales = {std::uniform_real_distribution<float>(1e-4F, 1e-3F)(random)};
  return graph;
}
Graph random_logistic_int16(std::mt19937 &random) { return random_sigmoid_int16(random, "logistic"); }
Graph random_tanh_int16(std::mt19937 &random) { return random_sigmoid_int16(random, "tanh"); }
Graph random_hard_swish_float(std::mt19937 &random) { return random_unary(random, "hard_swish", float32); }
Graph random_logistic_float(std::mt19937 &random) { return random_unary(random, "logistic", float32); }
Graph random_tanh_float(std::mt19937 &random) { return random_unary(random, "tanh", float32); }

// Rounding may make the computed logistic and tanh fall by a step where the real functions rise: they are not declared
// monotone.
ChannelFlow leaky_relu_flow(const NodeView &node) {
  return node.attributes().real("alpha") >= 0.0 ? ChannelFlow::monotone : ChannelFlow::separate;
}

constexpr AttributeRules<1> leaky_relu_attributes{{{"alpha", AttributeKind::real}}};

constexpr RandomGraph leaky_relu_graphs[] = {random_leaky_relu<int8>, random_leaky_relu<int16>, random_leaky_relu<float32>};
constexpr RandomGraph hard_swish_graphs[] = {random_hard_swish_int8, random_hard_swish_float};
constexpr RandomGraph logistic_graphs[] = {random_logistic_int8, random_logistic_int16, random_logistic_float};
constexpr RandomGraph tanh_graphs[] = {random_tanh_int8, random_tanh_int16, random_tanh_float};

}  // namespace

KernelCall float_activation_call(const NodeView &node, std::string_view operation) {
  return unary_call(fmt::format("unary<{}>", operation), parameters_from(ActivationParameters{count_of(node)}));
}

extern const OpDef leaky_relu_op, hard_swish_op, logistic_op, tanh_op;
constinit const OpDef leaky_relu_op = complete(
    {.name = "leaky_relu", .summary = "x, or alpha x where negative", .quantization = QuantizationRule::rescale,
     .attributes = leaky_relu_attributes, .infer = infer_leaky_relu, .kernels = leaky_relu_kernels, .random_graphs = leaky_relu_graphs,
     .channel_flow = leaky_relu_flow,
     .limits = "int8, int16 (zero points of 0) and float32"});
constinit const OpDef hard_swish_op = complete(
    {.name = "hard_swish", .summary = "x min(max(x + 3, 0), 6) / 6", .quantization = QuantizationRule::rescale,
     .attributes = no_attributes, .infer = infer_same, .kernels = hard_swish_kernels, .random_graphs = hard_swish_graphs,
     .channel_flow = separate_flow,
     .limits = "int8, the output's scale at least 1/128 of the input's, and float32"});
constinit const OpDef logistic_op = complete(
    {.name = "logistic", .summary = "1 / (1 + e^-x)", .quantization = QuantizationRule::fixed_output,
     .attributes = no_attributes, .infer = infer_same, .kernels = logistic_kernels, .random_graphs = logistic_graphs,
     .channel_flow = separate_flow,
     .limits = "int8 with output scale 1/256 and zero point -128, int16 with output scale 1/32768, and float32"});
constinit const OpDef tanh_op = complete(
    {.name = "tanh", .summary = "hyperbolic tangent", .quantization = QuantizationRule::fixed_output,
     .attributes = no_attributes, .infer = infer_same, .kernels = tanh_kernels, .random_graphs = tanh_graphs,
     .channel_flow = separate_flow,
     .limits = "int8 with output scale 1/128 and zero point 0, int16 with output scale 1/32768, and float32"});

}  // namespace whit
