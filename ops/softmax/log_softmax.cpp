// SPDX-License-Identifier: Apache-2.0
// The log_softmax operator, along the last axis.
#define WHIT_HOST
#include "ops/softmax/log_softmax.kernel.hpp"

#include <cmath>

#include "ops/random_graph.hpp"
#include "ops/softmax/softmax.hpp"
#include "ops/softmax/softmax.kernel.hpp"
#include "ops/unary.hpp"

namespace whit {

namespace {

using enum ElementType;

std::vector<TensorType> infer(const NodeView &node) {
  if (node.input(0).shape.empty())
    throw UserError({node.place(), "a single value", "rows of values", "the model file may be damaged"});
  return infer_same(node);
}

bool fits(const NodeView &node) { return unary_types_are(node, float32, float32); }

KernelCall call(const NodeView &node) {
  const auto length = static_cast<int32_t>(node.input(0).shape.back());
  return unary_call("log_softmax_float", parameters_from(LogSoftmaxParameters{count_of(node) / length, length}));
}

SoftmaxScaling scaling_of(const NodeView &node) {
  return softmax_scaling(1.0, static_cast<double>(node.input(0).quantization.scale()));
}

bool fits_int8(const NodeView &node) {
  constexpr int64_t most_terms = 1 << 12;  // of magnitude 1 that the sum holds
  const Quantization &output = node.output().quantization;
  return unary_types_are(node, int8, int8) && node.input(0).quantization.present() && output.present() &&
         output.scale() == 1.0F / 16.0F && output.zero_point() == 127 && node.input(0).shape.back() < most_terms &&
         scaling_of(node).possible;
}

KernelCall call_int8(const NodeView &node) {
  const auto length = static_cast<int32_t>(node.input(0).shape.back());
  const SoftmaxScaling scaling = scaling_of(node);
  const QuantizedMultiplier inverse =
      quantize_multiplier(std::ldexp(1.0, 31 - scaling.shift) / static_cast<double>(scaling.multiplier));
  return unary_call("log_softmax_int8",
                    parameters_from(LogSoftmaxInt8Parameters{
                        count_of(node) / length, length, scaling.multiplier, static_cast<int16_t>(scaling.shift),
                        static_cast<int16_t>(scaling.least_difference), inverse.multiplier,
                        static_cast<int16_t>(inverse.shift)}));
}

Cost cost(const NodeView &node) { return {.cycles = 120 * static_cast<double>(node.output().elements())}; }

constexpr Kernel kernels[] = {
    {.name = "log_softmax_int8", .header = "ops/softmax/softmax.kernel.hpp", .fits = fits_int8, .call = call_int8,
     .host = host_call<log_softmax_int8>, .cost = cost, .overlap = elementwise_overlap},
    {.name = "log_softmax_float", .header = "ops/softmax/log_softmax.kernel.hpp", .fits = fits, .call = call,
     .host = host_call<log_softmax_float>, .cost = cost, .overlap = elementwise_overlap}};

Graph random_float(std::mt19937 &random) { return random_unary(random, "log_softmax", float32); }
Graph random_int8(std::mt19937 &random) {
  Graph graph = random_unary(random, "log_softmax", int8);
  graph.tensor(graph.outputs[0]).quantization = {.scales = {1.0F / 16.0F}, .zero_points = {127}};
  return graph;
}
constexpr RandomGraph random_graphs[] = {random_int8, random_float};

}  // namespace

extern const OpDef log_softmax_op;
constinit const OpDef log_softmax_op =
    complete({.name = "log_softmax", .summary = "logarithms of probabilities along the last axis",
              .quantization = QuantizationRule::fixed_output, .attributes = no_attributes, .infer = infer,
              .kernels = kernels, .random_graphs = random_graphs, .limits = "int8 of output scale 1/16 and zero point 127, or float32"});

}  // namespace whit
