// SPDX-License-Identifier: Apache-2.0
// The l2_normalize operator: the last axis; an int8 output has scale 1/128 and zero point 0.
#define WHIT_HOST
#include "ops/normalize/l2_normalize.kernel.hpp"

#include "ops/random_graph.hpp"
#include "ops/unary.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr std::string_view header = "ops/normalize/l2_normalize.kernel.hpp";
constexpr int64_t longest_row = 32768;  // whose sum of squares fits 31 bits

std::vector<TensorType> infer(const NodeView &node) {
  if (node.input(0).shape.empty())
    throw UserError({node.place(), "a single value", "rows of values", "the model file may be damaged"});
  return infer_same(node);
}

bool fits_int8(const NodeView &node) {
  const Quantization &output = node.output().quantization;
  return unary_types_are(node, int8, int8) && output.scale() == 1.0F / 128 && output.zero_point() == 0 &&
         node.input(0).shape.back() < longest_row;
}

bool fits_float(const NodeView &node) { return unary_types_are(node, float32, float32); }

KernelCall call(const NodeView &node) {
  const auto length = static_cast<int32_t>(node.input(0).shape.back());
  const L2NormalizeParameters p{count_of(node) / length, length,
                                static_cast<int16_t>(node.input(0).quantization.zero_point())};
  return unary_call(node.input(0).type == int8 ? "l2_normalize_int8" : "l2_normalize_float", parameters_from(p));
}

Cost cost(const NodeView &node) { return {.cycles = 40 * static_cast<double>(node.output().elements())}; }

constexpr Kernel kernels[] = {
    {.name = "l2_normalize_int8", .header = header, .fits = fits_int8, .call = call,
     .host = host_call<l2_normalize_int8>, .cost = cost, .overlap = elementwise_overlap},
    {.name = "l2_normalize_float", .header = header, .fits = fits_float, .call = call,
     .host = host_call<l2_normalize_float>, .cost = cost, .overlap = elementwise_overlap}};

template <ElementType type>
Graph random_normalize(std::mt19937 &random) {
  Graph graph = random_unary(random, "l2_normalize", type);
  if (type == int8) graph.tensor(graph.outputs[0]).quantization = {.scales = {1.0F / 128}, .zero_points = {0}};
  return graph;
}

constexpr RandomGraph random_graphs[] = {random_normalize<int8>, random_normalize<float32>};

}  // namespace

extern const OpDef l2_normalize_op;
constinit const OpDef l2_normalize_op =
    complete({.name = "l2_normalize", .summary = "rows divided by their length",
              .quantization = QuantizationRule::fixed_output, .attributes = no_attributes, .infer = infer,
              .kernels = kernels, .random_graphs = random_graphs,
              .limits = "int8 (output scale 1/128, zero point 0) and float32"});

}  // namespace whit
