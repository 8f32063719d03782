// SPDX-License-Identifier: Apache-2.0
// The add, sub and mul operators: one family, since they differ only in the operation on a pair of elements.
#define WHIT_HOST
#include "ops/elementwise/elementwise.hpp"

#include <algorithm>

#include "ops/activation_range.hpp"
#include "ops/elementwise/elementwise.kernel.hpp"
#include "ops/elementwise/quantized_product_dsp.hpp"
#include "ops/elementwise/quantized_sum_dsp.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

// Integer fields that sums and products share.
template <typename Parameters>
Parameters pair_parameters(const NodeView &node) {
  const IntegerRange range = integer_activation_range(node);
  Parameters p{};
  p.count = static_cast<int32_t>(node.output().elements());
  p.first_zero = static_cast<int16_t>(node.input(0).quantization.zero_point());
  p.second_zero = static_cast<int16_t>(node.input(1).quantization.zero_point());
  p.output_zero = static_cast<int16_t>(node.output().quantization.zero_point());
  p.output_low = static_cast<int16_t>(range.low);
  p.output_high = static_cast<int16_t>(range.high);
  return p;
}

// The three factors of a sum: each input to the common scale, the common scale to the output.
struct SumScales {
  double first = 0, second = 0, output = 0;
};

constexpr int sum_left_shift(ElementType type) { return type == ElementType::int16 ? 15 : 20; }

SumScales sum_scales(const NodeView &node) {
  const double first = node.input(0).quantization.scale(), second = node.input(1).quantization.scale();
  const double output = node.output().quantization.scale();
  const double common = 2 * std::max(first, second);
  return {first / common, second / common, common / ((1 << sum_left_shift(node.output().type)) * output)};
}

// The DSP kernel of add (sign 1) or sub (-1).
template <int sign>
constexpr Kernel dsp_kernel(std::string_view name) {
  return {.name = name, .header = "ops/elementwise/quantized_sum.dsp.kernel.hpp", .features = {Feature::dsp},
          .fits = quantized_sum_dsp::fits<sign>, .call = quantized_sum_dsp::call<sign>,
          .cost = quantized_sum_dsp::cost, .layouts = any_same_layout, .overlap = elementwise_overlap};
}

// And that for operands that broadcast.
template <int sign>
constexpr Kernel dsp_rows_kernel(std::string_view name) {
  return {.name = name, .header = "ops/elementwise/quantized_sum.dsp.kernel.hpp", .features = {Feature::dsp},
          .fits = quantized_sum_dsp::fits_rows<sign>, .call = quantized_sum_dsp::call_rows<sign>,
          .cost = quantized_sum_dsp::cost_rows, .layouts = byte_rows_layouts, .overlap = broadcast_overlap};
}

template <int sign>
constexpr Kernel mve_kernel(std::string_view name) {
  return {.name = name, .header = "ops/elementwise/quantized_sum.mve.kernel.hpp", .features = {Feature::mve},
          .fits = quantized_sum_dsp::fits<sign>, .call = quantized_sum_dsp::call_mve<sign>,
          .cost = quantized_sum_dsp::cost_mve, .layouts = any_same_layout, .overlap = elementwise_overlap};
}

template <int sign>
constexpr Kernel linear_kernel(std::string_view name) {
  return {.name = name, .header = "ops/elementwise/quantized_sum.linear.kernel.hpp",
          .features = {Feature::fast_multiplier}, .fits = quantized_sum_dsp::fits<sign>,
          .call = quantized_sum_dsp::call_linear<sign>, .host = quantized_sum_dsp::host_linear,
          .cost = quantized_sum_dsp::cost_linear, .layouts = any_same_layout, .overlap = elementwise_overlap};
}

template <int sign>
constexpr Kernel linear_broadcast_kernel(std::string_view name) {
  return {.name = name, .header = "ops/elementwise/quantized_sum.linear.kernel.hpp",
          .features = {Feature::fast_multiplier}, .fits = quantized_sum_dsp::fits_broadcast<sign>,
          .call = quantized_sum_dsp::call_linear_broadcast<sign>, .host = quantized_sum_dsp::host_linear_broadcast,
          .cost = quantized_sum_dsp::cost_linear_broadcast, .layouts = any_same_layout, .overlap = broadcast_overlap};
}

// The reference leaves the fused activation of 32-bit sums out (not that of differences).
KernelParameters unlimited_parameters(const NodeView &node) {
  return parameters_from(IntegerPairParameters{static_cast<int32_t>(node.output().elements()), INT32_MIN, INT32_MAX});
}

constexpr Kernel add_kernels[] = {
    mve_kernel<1>("add_mve"),
    dsp_kernel<1>("add_dsp"),
    dsp_rows_kernel<1>("add_rows_dsp"),
    linear_kernel<1>("add_linear"),
    linear_broadcast_kernel<1>("add_linear_broadcast"),
    WHIT_ELEMENTWISE_KERNELS("add_int8", ElementType::int8, 45, quantized_sum_parameters, QuantizedSum<int8_t, 1>),
    WHIT_ELEMENTWISE_KERNELS("add_int16", ElementType::int16, 45, quantized_sum_parameters, QuantizedSum<int16_t, 1>),
    WHIT_BROADCAST_KERNEL("add_int32", elementwise_header, ElementType::int32, 20, unlimited_parameters, IntegerSum<1>),
    WHIT_ELEMENTWISE_KERNELS("add_float", ElementType::float32, 15, float_pair_parameters, FloatSum<1>),
};

constexpr Kernel sub_kernels[] = {
    mve_kernel<-1>("sub_mve"),
    dsp_kernel<-1>("sub_dsp"),
    dsp_rows_kernel<-1>("sub_rows_dsp"),
    linear_kernel<-1>("sub_linear"),
    linear_broadcast_kernel<-1>("sub_linear_broadcast"),
    WHIT_ELEMENTWISE_KERNELS("sub_int8", ElementType::int8, 45, quantized_sum_parameters,
                             QuantizedSum<int8_t, -1>),
    WHIT_ELEMENTWISE_KERNELS("sub_int16", ElementType::int16, 45, quantized_sum_parameters,
                             QuantizedSum<int16_t, -1>),
    WHIT_BROADCAST_KERNEL("sub_int32", elementwise_header, ElementType::int32, 20, integer_pair_parameters, IntegerSum<-1>),
    WHIT_ELEMENTWISE_KERNELS("sub_float", ElementType::float32, 15, float_pair_parameters, FloatSum<-1>),
};

constexpr Kernel mul_kernels[] = {
    {.name = "mul_dsp", .header = "ops/elementwise/quantized_product.dsp.kernel.hpp", .features = {Feature::dsp},
     .fits = quantized_product_dsp::fits, .call = quantized_product_dsp::call, .cost = quantized_product_dsp::cost,
     .layouts = byte_rows_layouts, .overlap = broadcast_overlap},
    WHIT_ELEMENTWISE_KERNELS("mul_int8", ElementType::int8, 25, quantized_product_parameters,
                             QuantizedProduct<int8_t>),
    WHIT_ELEMENTWISE_KERNELS("mul_int16", ElementType::int16, 25, quantized_product_parameters,
                             QuantizedProduct<int16_t>),
    WHIT_BROADCAST_KERNEL("mul_int32", elementwise_header, ElementType::int32, 20, integer_pair_parameters, IntegerProduct),
    WHIT_ELEMENTWISE_KERNELS("mul_float", ElementType::float32, 15, float_pair_parameters, FloatProduct),
};

// What residual networks ask for: equal shapes, both computed, clipping by saturation.
Graph random_residual(std::mt19937 &random, std::string op) {
  RandomGraphBuilder build(random, std::move(op));
  const Shape shape = {1, build.between(1, 6), build.between(1, 6), build.between(1, 6)};
  const TensorId left = build.input(ElementType::int8, shape), right = build.input(ElementType::int8, shape);
  return clipped_by_saturation(random, build.finish({left, right}, {}));
}

Graph random_residual_add(std::mt19937 &random) { return random_residual(random, "add"); }
Graph random_residual_sub(std::mt19937 &random) { return random_residual(random, "sub"); }

template <ElementType type>
Graph random_add(std::mt19937 &random) { return random_pair(random, "add", type, true); }
template <ElementType type>
Graph random_sub(std::mt19937 &random) { return random_pair(random, "sub", type, true); }
template <ElementType type>
Graph random_mul(std::mt19937 &random) { return random_pair(random, "mul", type, true); }

constexpr RandomGraph add_graphs[] = {random_add<ElementType::int8>, random_add<ElementType::int16>,
                                      random_add<ElementType::int32>, random_add<ElementType::float32>, random_residual_add};
constexpr RandomGraph sub_graphs[] = {random_sub<ElementType::int8>, random_sub<ElementType::int16>,
                                      random_sub<ElementType::int32>, random_sub<ElementType::float32>, random_residual_sub};
constexpr RandomGraph mul_graphs[] = {random_mul<ElementType::int8>, random_mul<ElementType::int16>,
                                      random_mul<ElementType::int32>, random_mul<ElementType::float32>};

constexpr std::string_view limits =
    "int8, int16 (zero points of 0), int32 and float32, both operands of one type; shapes that broadcast over at most six "
    "merged axes";

consteval OpDef definition(std::string_view name, std::string_view summary, std::span<const Kernel> kernels,
                           std::span<const RandomGraph> graphs, ChannelFlow (*flow)(const NodeView &)) {
  return complete({.name = name, .summary = summary, .least_inputs = 2, .most_inputs = 2,
                   .quantization = QuantizationRule::rescale, .attributes = activation_rules, .infer = infer_pair,
                   .kernels = kernels, .random_graphs = graphs, .channel_flow = flow, .limits = limits});
}

}  // namespace

KernelParameters quantized_sum_parameters(const NodeView &node) {
  auto p = pair_parameters<QuantizedSumParameters>(node);
  const SumScales scales = sum_scales(node);
  set_multiplier(scales.first, p.first_multiplier, p.first_shift);
  set_multiplier(scales.second, p.second_multiplier, p.second_shift);
  set_multiplier(scales.output, p.output_multiplier, p.output_shift);
  p.left_shift = static_cast<int8_t>(sum_left_shift(node.output().type));
  return parameters_from(p);
}

KernelParameters quantized_product_parameters(const NodeView &node) {
  auto p = pair_parameters<QuantizedProductParameters>(node);
  set_multiplier(static_cast<double>(node.input(0).quantization.scale()) *
                     static_cast<double>(node.input(1).quantization.scale()) /
                     static_cast<double>(node.output().quantization.scale()),
                 p.output_multiplier, p.output_shift);
  return parameters_from(p);
}

extern const OpDef add_op, sub_op, mul_op;
constinit const OpDef add_op =
    definition("add", "sum of two tensors, broadcast, with fused activation", add_kernels, add_graphs,
               monotone_flow);
constinit const OpDef sub_op =
    definition("sub", "difference of two tensors, broadcast, with fused activation", sub_kernels, sub_graphs,
               monotone_flow);
constinit const OpDef mul_op =
    definition("mul", "product of two tensors, broadcast, with fused activation", mul_kernels, mul_graphs,
               separate_flow);

}  // namespace whit
