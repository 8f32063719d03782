// SPDX-License-Identifier: Apache-2.0
// Operators that are a function of one number: a line of kernels, a line of instances, a line of definition each.
#define WHIT_HOST
#include "ops/math/math.kernel.hpp"

#include <algorithm>
#include <cmath>

#include "device/core/fixed_point.hpp"
#include "ops/activation/lookup.hpp"
#include "ops/activation_range.hpp"
#include "ops/unary.hpp"

namespace whit {

namespace {

using enum ElementType;

constexpr std::string_view header = "ops/math/math.kernel.hpp";

template <ElementType type>
bool fits(const NodeView &node) {
  return unary_types_are(node, type, type);
}

KernelCall plain_call(const NodeView &node, std::string_view operation) {
  return unary_call(fmt::format("unary<{}>", operation), parameters_from(MathParameters{count_of(node)}));
}

#define WHIT_FUNCTION_KERNEL(name, type, cycles, Operation) \
  unary_kernel<cycles>(name, header, fits<type>,            \
                       [](const NodeView &node) { return plain_call(node, #Operation); }, host_call<unary<Operation>>)

double factor_of(const NodeView &node) {
  return static_cast<double>(node.input(0).quantization.scale()) / static_cast<double>(node.output().quantization.scale());
}

KernelCall call_absolute(const NodeView &node) {
  const IntegerRange range = type_range(node.output().type);
  const QuantizedMultiplier factor = quantize_multiplier(factor_of(node));
  const RescaledSizeParameters p{.count = count_of(node),
                           .multiplier = factor.multiplier,
                           .input_zero = static_cast<int16_t>(node.input(0).quantization.zero_point()),
                           .output_zero = static_cast<int16_t>(node.output().quantization.zero_point()),
                           .low = static_cast<int16_t>(range.low),
                           .high = static_cast<int16_t>(range.high),
                           .shift = static_cast<int8_t>(factor.shift)};
  return unary_call(fmt::format("unary<RescaledSize<{}>>", c_type_of(node.input(0).type)), parameters_from(p));
}

int32_t on_int8(const NodeView &node, int64_t value) {
  return static_cast<int32_t>(std::clamp<int64_t>(value + node.output().quantization.zero_point(), -128, 127));
}

constexpr int root_fraction_bits = 20;

// The factor from 1 / sqrt of stored values to the output's; one that leaves nothing of any root is 0.
QuantizedMultiplier reciprocal_root_factor(const NodeView &node) {
  const QuantizedMultiplier factor = quantize_multiplier(1.0 / (std::sqrt(static_cast<double>(node.input(0).quantization.scale())) *
                                                                static_cast<double>(node.output().quantization.scale())));
  return factor.shift - root_fraction_bits < -31 ? QuantizedMultiplier{} : factor;
}

// 1 / sqrt on the input's scale, rescaled: docs/semantics.md, "Functions of one number".
int32_t reciprocal_root_int8(const NodeView &node, int32_t stored) {
  const auto value = static_cast<int32_t>(stored - node.input(0).quantization.zero_point());
  if (value <= 0) return 127;
  const InverseRoot root = inverse_root(value);
  const int32_t scaled = requantize(1, root.multiplier, root.shift + root_fraction_bits);
  const QuantizedMultiplier factor = reciprocal_root_factor(node);
  return on_int8(node, requantize(scaled, factor.multiplier, factor.shift - root_fraction_bits));
}

KernelCall call_reciprocal_root_int16(const NodeView &node) {
  const QuantizedMultiplier factor = reciprocal_root_factor(node);
  return unary_call("unary<ReciprocalRootInt16>",
                    parameters_from(RescaledSizeParameters{
                        .count = count_of(node), .multiplier = factor.multiplier, .input_zero = 0, .output_zero = 0,
                        .low = INT16_MIN, .high = INT16_MAX,
                        .shift = static_cast<int8_t>(factor.shift - root_fraction_bits)}));
}

// Through float32, rounded to the nearest stored value.
template <float (*function)(float)>
int32_t through_float(const NodeView &node, int32_t stored) {
  const Quantization &input = node.input(0).quantization;
  const float real = input.scale() * static_cast<float>(stored - input.zero_point());
  const float stored_result = std::round(function(real) * (1.0F / node.output().quantization.scale()));
  constexpr float beyond = 1024.0F;  // saturates with every zero point; scales may be so small that no integer holds more
  return on_int8(node, stored_result > -beyond ? std::llround(std::min(stored_result, beyond)) : -static_cast<int64_t>(beyond));
}

float elu(float x) { return x < 0.0F ? std::expm1(x) : x; }
float exponential(float x) { return std::exp(x); }

template <int32_t (*function)(const NodeView &node, int32_t stored)>
KernelCall call_table(const NodeView &node) {
  return lookup_call(node, [&](int32_t stored) { return function(node, stored); });
}

constexpr Kernel abs_kernels[] = {
    unary_kernel<20>("abs_int8", header, fits<int8>, call_absolute, host_call<unary<RescaledSize<int8_t>>>),
    unary_kernel<20>("abs_int16", header, fits<int16>, call_absolute, host_call<unary<RescaledSize<int16_t>>>),
    WHIT_FUNCTION_KERNEL("abs_float", float32, 6, FloatAbsolute)};
constexpr Kernel rsqrt_kernels[] = {WHIT_LOOKUP_KERNELS("rsqrt_int8", fits<int8>, call_table<reciprocal_root_int8>),
                                    unary_kernel<200>("rsqrt_int16", header, fits<int16>, call_reciprocal_root_int16,
                                                      host_call<unary<ReciprocalRootInt16>>),
                                    WHIT_FUNCTION_KERNEL("rsqrt_float", float32, 180, FloatReciprocalRoot)};
constexpr Kernel elu_kernels[] = {WHIT_LOOKUP_KERNELS("elu_int8", fits<int8>, call_table<through_float<elu>>),
                                  WHIT_FUNCTION_KERNEL("elu_float", float32, 80, FloatElu)};
constexpr Kernel exp_kernels[] = {WHIT_LOOKUP_KERNELS("exp_int8", fits<int8>, call_table<through_float<exponential>>),
                                  WHIT_FUNCTION_KERNEL("exp_float", float32, 80, FloatExponential)};

constexpr Kernel neg_kernels[] = {WHIT_FUNCTION_KERNEL("neg_float", float32, 6, FloatNegative)};
constexpr Kernel square_kernels[] = {WHIT_FUNCTION_KERNEL("square_float", float32, 8, FloatSquare)};
constexpr Kernel sqrt_kernels[] = {WHIT_FUNCTION_KERNEL("sqrt_float", float32, 160, FloatRoot)};
constexpr Kernel log_kernels[] = {WHIT_FUNCTION_KERNEL("log_float", float32, 90, FloatLogarithm)};
constexpr Kernel sin_kernels[] = {WHIT_FUNCTION_KERNEL("sin_float", float32, 90, FloatSine)};
constexpr Kernel cos_kernels[] = {WHIT_FUNCTION_KERNEL("cos_float", float32, 90, FloatCosine)};
constexpr Kernel ceil_kernels[] = {WHIT_FUNCTION_KERNEL("ceil_float", float32, 15, FloatCeiling)};
constexpr Kernel floor_kernels[] = {WHIT_FUNCTION_KERNEL("floor_float", float32, 15, FloatFloor)};
constexpr Kernel round_kernels[] = {WHIT_FUNCTION_KERNEL("round_float", float32, 15, FloatRounded)};
constexpr Kernel logical_not_kernels[] = {WHIT_FUNCTION_KERNEL("logical_not_boolean", boolean, 6, LogicalNot)};

// Roots and logarithms of what is above 0.
std::optional<Interval> positive_values(const NodeView &node, size_t) {
  return node.input(0).type == float32 ? std::optional(Interval{1, 50}) : std::nullopt;
}

// As positive_values, on int8: from the zero point on.
std::optional<Interval> values_from_zero(const NodeView &node, size_t input) {
  if (node.input(0).type == float32) return positive_values(node, input);
  return Interval{node.input(0).quantization.zero_point(), stored_range(node.input(0).type).high};
}

template <const auto &name, ElementType type>
Graph random_function(std::mt19937 &random) {
  return random_unary(random, name, type);
}

constexpr AttributeRules<0> attributes{};

consteval OpDef definition(std::string_view name, std::string_view summary, std::string_view limits,
                           std::span<const Kernel> kernels, std::span<const RandomGraph> graphs,
                           std::optional<Interval> (*values)(const NodeView &, size_t)) {
  return complete({.name = name, .summary = summary, .quantization = QuantizationRule::rescale,
                   .attributes = attributes, .infer = infer_same, .kernels = kernels, .input_values = values,
                   .random_graphs = graphs, .channel_flow = separate_flow, .limits = limits});
}

}  // namespace

// The last arguments: the types of random instances.
#define WHIT_FUNCTION(op, summary, limits, values, ...)                                                     \
  namespace {                                                                                               \
  constexpr char op##_name[] = #op;                                                                         \
  template <ElementType... types>                                                                           \
  constexpr RandomGraph op##_graphs[] = {random_function<op##_name, types>...};                             \
  }                                                                                                         \
  extern const OpDef op##_op;                                                                               \
  constinit const OpDef op##_op = definition(#op, summary, limits, op##_kernels, op##_graphs<__VA_ARGS__>, values);

WHIT_FUNCTION(abs, "|x|", "int8, int16 (zero points of 0) and float32", nullptr, int8, int16, float32)
WHIT_FUNCTION(neg, "-x", "float32", nullptr, float32)
WHIT_FUNCTION(square, "x squared", "float32", nullptr, float32)
WHIT_FUNCTION(sqrt, "square root", "float32", positive_values, float32)
WHIT_FUNCTION(rsqrt, "1 / square root", "int8, int16 (zero points of 0) and float32", values_from_zero, int8, int16, float32)
WHIT_FUNCTION(exp, "e^x", "int8 and float32", nullptr, int8, float32)
WHIT_FUNCTION(log, "natural logarithm", "float32", positive_values, float32)
WHIT_FUNCTION(sin, "sine", "float32", nullptr, float32)
WHIT_FUNCTION(cos, "cosine", "float32", nullptr, float32)
WHIT_FUNCTION(ceil, "rounded up", "float32", nullptr, float32)
WHIT_FUNCTION(floor, "rounded down", "float32", nullptr, float32)
WHIT_FUNCTION(round, "rounded to nearest, halves to even", "float32", nullptr, float32)
WHIT_FUNCTION(elu, "x for x >= 0, e^x - 1 otherwise", "int8 and float32", nullptr, int8, float32)
WHIT_FUNCTION(logical_not, "not", "boolean", nullptr, boolean)

}  // namespace whit
