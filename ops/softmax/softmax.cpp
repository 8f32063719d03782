// SPDX-License-Identifier: Apache-2.0
// The softmax operator: inference, kernels and the facts they declare.
#define WHIT_HOST
#include "ops/softmax/softmax.hpp"

#include <algorithm>
#include <cmath>

#include "ops/quantized_multiplier.hpp"
#include "ops/random_graph.hpp"
#include "ops/softmax/softmax.kernel.hpp"
#include "ops/softmax/softmax_int16.hpp"
#include "ops/softmax/softmax_table.kernel.hpp"

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
  const std::string wider = node.attributes().text("type", "");
  if (!wider.empty() && wider != "int16")
    throw UserError({node.place(), "an output of " + wider, "the input's type, or int16", ""});
  return {{wider.empty() ? input.type : ElementType::int16, input.shape}};
}

int64_t depth_of(const NodeView &node) { return node.input(0).shape.back(); }

SoftmaxScaling scaling_of(const NodeView &node) {
  return softmax_scaling(beta_of(node), static_cast<double>(node.input(0).quantization.scale()));
}

bool fits_int8_input(const NodeView &node) {
  return node.input(0).type == ElementType::int8 && node.input(0).quantization.present() &&
         node.output().quantization.present() && depth_of(node) < most_terms && scaling_of(node).possible;
}

bool fits_int8(const NodeView &node) {
  const Tensor &output = node.output();
  return fits_int8_input(node) && output.type == ElementType::int8 &&
         output.quantization.scale() == 1.0F / 256.0F && output.quantization.zero_point() == -128;
}

bool fits_int8_int16(const NodeView &node) {
  constexpr float scale = 1.0F / 65536.0F;
  const Tensor &output = node.output();
  return fits_int8_input(node) && output.type == ElementType::int16 && output.quantization.zero_point() == -32768 &&
         std::abs(output.quantization.scale() - scale) <= 0.001F * scale;
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

constexpr int64_t table_entries = 256;

// Where the table is not more than the values.
bool fits_table(const NodeView &node) { return fits_int8(node) && node.output().elements() >= table_entries; }

SoftmaxInt8Parameters int8_parameters(const NodeView &node) {
  auto parameters = size_parameters<SoftmaxInt8Parameters>(node);
  const SoftmaxScaling scaling = scaling_of(node);
  parameters.multiplier = scaling.multiplier;
  parameters.shift = static_cast<int16_t>(scaling.shift);
  parameters.least_difference = static_cast<int16_t>(scaling.least_difference);
  return parameters;
}

KernelCall call_table(const NodeView &node) {
  const SoftmaxInt8Parameters parameters = int8_parameters(node);
  std::vector<int32_t> exponentials;
  for (int64_t entry = 0; entry < table_entries; ++entry)
    exponentials.push_back(softmax_exp(parameters, static_cast<int16_t>(-entry)));
  return {.function = "softmax_int8_table",
          .parameters = parameters_from(size_parameters<SoftmaxTableParameters>(node)),
          .constants = {{"exponentials", ElementType::int32, bytes_of(exponentials)}},
          .arguments = {parameters_argument(), constant_argument(0), input_argument(0), output_argument()}};
}

KernelCall call_from_int8(const NodeView &node, std::string function) {
  return {.function = std::move(function),
          .parameters = parameters_from(int8_parameters(node)),
          .constants = {},
          .arguments = {parameters_argument(), input_argument(0), output_argument()}};
}

KernelCall call_int8(const NodeView &node) { return call_from_int8(node, "softmax_int8"); }
KernelCall call_int8_int16(const NodeView &node) { return call_from_int8(node, "softmax_int8_int16"); }

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

Cost table_cost(const NodeView &node) { return {.cycles = 50 * static_cast<double>(node.output().elements())}; }

constexpr std::string_view header = "ops/softmax/softmax.kernel.hpp";
constexpr Kernel kernels[] = {
    {.name = "softmax_int8", .header = header, .fits = fits_int8, .call = call_int8, .host = host_call<softmax_int8>,
     .cost = portable_cost, .overlap = elementwise_overlap},
    {.name = "softmax_int8_table", .header = "ops/softmax/softmax_table.kernel.hpp", .fits = fits_table, .call = call_table,
     .host = host_call<softmax_int8_table>, .cost = table_cost, .overlap = elementwise_overlap},
    {.name = "softmax_int8_int16", .header = header, .fits = fits_int8_int16, .call = call_int8_int16,
     .host = host_call<softmax_int8_int16>, .cost = portable_cost},
    {.name = "softmax_int16", .header = "ops/softmax/softmax_int16.kernel.hpp", .fits = softmax_int16_facts::fits,
     .call = softmax_int16_facts::call, .host = softmax_int16_facts::host, .cost = portable_cost,
     .overlap = elementwise_overlap},
    {.name = "softmax_float", .header = header, .fits = fits_float, .call = call_float,
     .host = host_call<softmax_float>, .cost = portable_cost, .overlap = elementwise_overlap},
};

Graph random_softmax(std::mt19937 &random, ElementType type, Quantization quantization, bool widens = false) {
  RandomGraphBuilder build(random, "softmax");
  const Shape shape = {build.between(1, 3), build.between(1, 40)};
  const auto beta = static_cast<double>(build.between(0, 1) == 0 ? 1.0F : build.real_between(0.1F, 3.0F));
  Attributes attributes = {{"beta", beta}};
  if (widens) attributes.set("type", std::string("int16"));
  Graph graph = build.finish({build.input(type, shape)}, attributes);
  graph.tensor(graph.outputs[0]).quantization = std::move(quantization);
  return graph;
}

Graph random_int8(std::mt19937 &random) {
  return random_softmax(random, ElementType::int8, {.scales = {1.0F / 256.0F}, .zero_points = {-128}});
}
// Rows that are worth a table, now and then so many values that shares round to nothing.
Graph random_long_rows(std::mt19937 &random) {
  RandomGraphBuilder build(random, "softmax");
  const int64_t rows = build.between(1, 2);
  Graph graph = build.finish({build.input(ElementType::int8, {rows, build.between(0, 3) == 0 ? 1100 : build.between(256, 300)})},
                             {{"beta", 1.0}});
  graph.tensor(graph.outputs[0]).quantization = {.scales = {1.0F / 256.0F}, .zero_points = {-128}};
  return graph;
}
Graph random_int8_int16(std::mt19937 &random) {
  return random_softmax(random, ElementType::int8, {.scales = {1.0F / 65536.0F}, .zero_points = {-32768}}, true);
}
// Scales of 16-bit data are some hundred times smaller.
Graph random_int16(std::mt19937 &random) {
  Graph graph = random_softmax(random, ElementType::int16, {.scales = {1.0F / 32768.0F}, .zero_points = {0}});
  for (float &scale : graph.tensor(graph.inputs[0]).quantization.scales) scale /= 64;
  return graph;
}
Graph random_float(std::mt19937 &random) { return random_softmax(random, ElementType::float32, {}); }

constexpr AttributeRules<2> attributes{{{"beta", AttributeKind::real}, {"type", AttributeKind::text}}};
constexpr RandomGraph random_graphs[] = {random_int8, random_long_rows, random_int8_int16, random_int16, random_float};

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
     .limits = "int8 (up to 4095 values a row) to int8 of scale 1/256 and zero point -128 or int16 of scale 1/65536 and zero point -32768; int16 (up to 65535) to int16 of scale 1/32768; float32"});

}  // namespace whit
