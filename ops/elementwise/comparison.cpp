// SPDX-License-Identifier: Apache-2.0
// equal, not_equal, less, less_equal, greater, greater_equal, logical_and, logical_or: two operands, a boolean.
#define WHIT_HOST
#include "ops/elementwise/comparison.kernel.hpp"

#include "ops/elementwise/pair.hpp"
#include "ops/unary.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr std::string_view header = "ops/elementwise/comparison.kernel.hpp";

KernelParameters plain_parameters(const NodeView &node) {
  return parameters_from(ComparisonParameters{static_cast<int32_t>(node.output().elements())});
}

KernelParameters quantized_parameters(const NodeView &node) {
  QuantizedComparisonParameters p{};
  p.count = static_cast<int32_t>(node.output().elements());
  p.first_zero = static_cast<int16_t>(node.input(0).quantization.zero_point());
  p.second_zero = static_cast<int16_t>(node.input(1).quantization.zero_point());
  set_multiplier(static_cast<double>(node.input(0).quantization.scale()), p.first_multiplier, p.first_shift);
  set_multiplier(static_cast<double>(node.input(1).quantization.scale()), p.second_multiplier, p.second_shift);
  return parameters_from(p);
}

#define WHIT_COMPARISON_KERNELS(op, Relation)                                                                      \
  WHIT_BROADCAST_KERNEL(op "_int8", header, int8, 40, quantized_parameters, CompareQuantized<int8_t, Relation>),   \
  WHIT_BROADCAST_KERNEL(op "_int32", header, int32, 15, plain_parameters, Compare<int32_t, Relation>),             \
  WHIT_BROADCAST_KERNEL(op "_int64", header, int64, 25, plain_parameters, Compare<int64_t, Relation>),             \
  WHIT_BROADCAST_KERNEL(op "_float", header, float32, 15, plain_parameters, Compare<float, Relation>)

#define WHIT_BOOLEAN_KERNEL(name, ...) \
  WHIT_BROADCAST_KERNEL(name, header, boolean, 15, plain_parameters, __VA_ARGS__)

constexpr Kernel equal_kernels[] = {WHIT_COMPARISON_KERNELS("equal", Equal),
                                    WHIT_BOOLEAN_KERNEL("equal_boolean", Compare<uint8_t, Equal>)};
constexpr Kernel not_equal_kernels[] = {WHIT_COMPARISON_KERNELS("not_equal", NotEqual),
                                        WHIT_BOOLEAN_KERNEL("not_equal_boolean", Compare<uint8_t, NotEqual>)};
constexpr Kernel less_kernels[] = {WHIT_COMPARISON_KERNELS("less", Less)};
constexpr Kernel less_equal_kernels[] = {WHIT_COMPARISON_KERNELS("less_equal", LessEqual)};
constexpr Kernel greater_kernels[] = {WHIT_COMPARISON_KERNELS("greater", Greater)};
constexpr Kernel greater_equal_kernels[] = {WHIT_COMPARISON_KERNELS("greater_equal", GreaterEqual)};
constexpr Kernel logical_and_kernels[] = {WHIT_BOOLEAN_KERNEL("logical_and", LogicalAnd)};
constexpr Kernel logical_or_kernels[] = {WHIT_BOOLEAN_KERNEL("logical_or", LogicalOr)};

// Every other instance compares tensors of one scale, where ties are frequent.
template <const auto &name, ElementType type>
Graph random_comparison(std::mt19937 &random) {
  Graph graph = random_pair(random, name, type, false);
  const std::vector<TensorId> &inputs = graph.nodes[0].inputs;
  if (random() % 2 == 0) graph.tensor(inputs[1]).quantization = graph.tensor(inputs[0]).quantization;
  return graph;
}

#define WHIT_COMPARISON(op, ...)                                                                                \
  constexpr char op##_name[] = #op;                                                                            \
  constexpr RandomGraph op##_graphs[] = {random_comparison<op##_name, int8>, random_comparison<op##_name, int32>, \
                                         random_comparison<op##_name, int64>,                                  \
                                         random_comparison<op##_name, float32> __VA_ARGS__};
WHIT_COMPARISON(equal, , random_comparison<equal_name, boolean>)
WHIT_COMPARISON(not_equal, , random_comparison<not_equal_name, boolean>)
WHIT_COMPARISON(less, )
WHIT_COMPARISON(less_equal, )
WHIT_COMPARISON(greater, )
WHIT_COMPARISON(greater_equal, )

constexpr char logical_and_name[] = "logical_and", logical_or_name[] = "logical_or";
constexpr RandomGraph logical_and_graphs[] = {random_comparison<logical_and_name, boolean>};
constexpr RandomGraph logical_or_graphs[] = {random_comparison<logical_or_name, boolean>};

// No comparison's values lie on a scale of the quantising pass's making.
consteval OpDef definition(std::string_view name, std::string_view summary, std::span<const Kernel> kernels,
                           std::span<const RandomGraph> graphs) {
  return complete({.name = name, .summary = summary, .least_inputs = 2, .most_inputs = 2,
                   .quantization = QuantizationRule::convert, .attributes = no_attributes,
                   .infer = infer_boolean_pair, .kernels = kernels, .random_graphs = graphs,
                   .channel_flow = separate_flow,
                   .limits = "int8, int32, int64 and float32 (equal and not_equal also boolean), logic on booleans; "
                             "both operands of one type; shapes that broadcast over at most six merged axes"});
}

}  // namespace

#define WHIT_DEFINE(op, text) \
  extern const OpDef op##_op; \
  constinit const OpDef op##_op = definition(#op, text, op##_kernels, op##_graphs);
WHIT_DEFINE(equal, "whether two values are equal, broadcast")
WHIT_DEFINE(not_equal, "whether two values differ, broadcast")
WHIT_DEFINE(less, "whether a < b, broadcast")
WHIT_DEFINE(less_equal, "whether a <= b, broadcast")
WHIT_DEFINE(greater, "whether a > b, broadcast")
WHIT_DEFINE(greater_equal, "whether a >= b, broadcast")
WHIT_DEFINE(logical_and, "both, broadcast")
WHIT_DEFINE(logical_or, "either, broadcast")

}  // namespace whit
