// SPDX-License-Identifier: Apache-2.0
// The softmax operator: inference, kernels and the facts they declare.
#define WHIT_HOST
#include "ops/softmax/softmax.hpp"

#include <algorithm>
#include <cmath>

#include "ops/quantized_multiplier.hpp"
#include "ops/random_graph.hpp"
#include "ops/softmax/softmax.kernel.hpp"

namespace whit {

namespace {

constexpr int64_t most_terms = 1 << 12;  // of magnitude 1 that a sum with 12 integer bits holds

double beta_of(const NodeView &node) { return node.attributes().real("beta", 1.0); }

std::vector<TensorType> infer(const NodeView &node) {
  const Tensor &input = node.input(0);
  if (input.shape.empty())
    throw UserError({node.place(), "a softmax of a scalar", "data with one axis or more", ""});
  if (!std::isfinite(beta_of(node)))
    throw UserError(
        {node.place(), "a beta that is no finite number", "a finite beta", "the model file may be damaged"});
  return {{input.type, input.shape}};
}

int64_t depth_of(const NodeView &node) { return node.input(0).shape.back(); }

SoftmaxScaling scaling_of(const NodeView &node) {
  return softmax_scaling(beta_of(node), static_cast<double>(node.input(0).quantization.scale()));
}

bool fits_int8(const NodeView &node) {
  const Tensor &input = node.input(0), &output = node.output();
  return input.type == ElementType::int8 && output.type == ElementType::int8 && input.quantization.present() &&
         output.quantization.scale() == 1.0F / 256.0F && output.quantization.zero_point() == -128 &&
         depth_of(node) < most_terms && scaling_of(node).possible;
}

bool fits_float(const NodeView &node) {
  return node.input(0).type == ElementType::float32 && node.output().type == ElementType::float32;
}

template <typename Parameters>
Parameters size_parameters(const NodeView &node) {
  Parameters parameters{};
  parameters.depth = static_cast<int32_t>(depth_of(node));
  parameters.rows = static_cast<int32_t>(node.input(0).elements() / std::max<int64_t>(1, depth_of(node)));
  return parameters;
}

KernelCall call_int8(const NodeView &node) {
  auto parameters = size_parameters<SoftmaxInt8Parameters>(node);
  const SoftmaxScaling scaling = scaling_of(node);
  parameters.multiplier = scaling.multiplier;
  parameters.shift = static_cast<int16_t>(scaling.shift);
  parameters.least_difference = static_cast<int16_t>(scaling.least_difference);
  return {.function = "softmax_int8",
          .parameters = parameters_from(parameters),
          .constants = {},
          .arguments = {parameters_argument(), input_argument(0), output_argument()}};
}

KernelCall call_float(const NodeView &node) {
  auto parameters = size_parameters<SoftmaxFloatParameters>(node);
  parameters.beta = static_cast<float>(beta_of(node));
  return {.function = "softmax_float",
          .parameters = parameters_from(parameters),
          .constants = {},
          .arguments = {parameters_argument(), input_argument(0), output_argument()}};
}

Cost portable_cost(const NodeView &node) {
  constexpr double cycles_per_value = 250;
  return {.cycles = cycles_per_value * static_cast<double>(node.output().elements())};
}

constexpr std::string_view header = "ops/softmax/softmax.kernel.hpp";
constexpr Kernel kernels[] = {
    {.name = "softmax_int8", .header = header, .fits = fits_int8, .call = call_int8, .host = host_call<softmax_int8>,
     .cost = portable_cost, .overlap = elementwise_overlap},
    {.name = "softmax_float", .header = header, .fits = fits_float, .call = call_float,
     .host = host_call<softmax_float>, .cost = portable_cost, .overlap = elementwise_overlap},
};

Graph random_softmax(std::mt19937 &random, ElementType type) {
  RandomGraphBuilder build(random, "softmax");
  const Shape shape = {build.between(1, 3), build.between(1, 40)};
  const auto beta = static_cast<double>(build.between(0, 1) == 0 ? 1.0F : build.real_between(0.1F, 3.0F));
  Graph graph = build.finish({build.input(type, shape)}, {{"beta", beta}});
  if (type == ElementType::int8)
    graph.tensor(graph.outputs[0]).quantization = {.scales = {1.0F / 256.0F}, .zero_points = {-128}};
  return graph;
}

Graph random_int8(std::mt19937 &random) { return random_softmax(random, ElementType::int8); }
Graph random_float(std::mt19937 &random) { return random_softmax(random, ElementType::float32); }

constexpr AttributeRules<1> attributes{{{"beta", AttributeKind::real}}};
constexpr RandomGraph random_graphs[] = {random_int8, random_float};

}  // namespace

SoftmaxScaling softmax_scaling(double beta, double input_scale) {
  constexpr double one = 1 << softmax_input_fraction_bits, largest = 2147483647.0;  // of a 32-bit multiplier
  const double factor = std::min(beta * input_scale * one, largest);
  if (!(factor > 1.0)) return {};
  const QuantizedMultiplier multiplier = quantize_multiplier(factor);
  // -31 (of 32, what Q5.26 holds) before scaling; no difference of int8 values is below -255.
  const double least = -std::floor(31.0 * one / std::ldexp(1.0, multiplier.shift));
  return {.multiplier = multiplier.multiplier, .shift = multiplier.shift,
          .least_difference = static_cast<int32_t>(std::max(least, -256.0)), .possible = true};
}

extern const OpDef softmax_op;
constinit const OpDef softmax_op = complete(
    {.name = "softmax", .summary = "exponentials over their sum, along the last axis",
     .quantization = QuantizationRule::fixed_output, .attributes = attributes, .infer = infer,
     .kernels = kernels, .random_graphs = random_graphs,
     .limits = "int8 with output scale 1/256 and zero point -128 and up to 4095 values a row, or float32"});

}  // namespace whit
