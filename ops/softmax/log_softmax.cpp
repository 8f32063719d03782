// SPDX-License-Identifier: Apache-2.0
// The log_softmax operator, along the last axis.
#define WHIT_HOST
#include "ops/softmax/log_softmax.kernel.hpp"

#include "ops/random_graph.hpp"
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

Cost cost(const NodeView &node) { return {.cycles = 120 * static_cast<double>(node.output().elements())}; }

constexpr Kernel kernels[] = {{.name = "log_softmax_float", .header = "ops/softmax/log_softmax.kernel.hpp",
                               .fits = fits, .call = call, .host = host_call<log_softmax_float>, .cost = cost,
                               .overlap = elementwise_overlap}};

Graph random_log_softmax(std::mt19937 &random) { return random_unary(random, "log_softmax", float32); }
constexpr RandomGraph random_graphs[] = {random_log_softmax};

}  // namespace

extern const OpDef log_softmax_op;
constinit const OpDef log_softmax_op =
    complete({.name = "log_softmax", .summary = "logarithms of probabilities along the last axis",
              .quantization = QuantizationRule::fixed_output, .attributes = no_attributes, .infer = infer,
              .kernels = kernels, .random_graphs = random_graphs, .limits = "float32"});

}  // namespace whit
