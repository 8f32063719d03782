// SPDX-License-Identifier: Apache-2.0
// The add, sub and mul operators: one family, since they differ only in the operation on a pair of elements.
#define WHIT_HOST
#include "ops/elementwise/elementwise.hpp"

#include <algorithm>

#include "ops/activation_range.hpp"
#include "ops/elementwise/elementwise.kernel.hpp"
#include "ops/elementwise/quantized_sum_dsp.hpp"
#include "ops/op_def.hpp"
#include "ops/quantized_multiplier.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

constexpr std::string_view header = "ops/elementwise/elementwise.kernel.hpp";

std::vector<TensorType> infer(const NodeView &node) {
  check_activation(node);
  if (node.input(0).type != node.input(1).type)
    throw UserError({node.place(), fmt::format("{} with {}", name_of(node.input(0).type), name_of(node.input(1).type)),
                     "operands of one type", "put a quantize or dequantize operator before one of them"});
  return {{node.input(0).type, broadcast_shape(node)}};
}

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

KernelParameters float_parameters(const NodeView &node) {
  const RealRange range = real_activation_range(node);
  return parameters_from(FloatPairParameters{static_cast<int32_t>(node.output().elements()), range.low, range.high});
}

bool types_are(const NodeView &node, ElementType type) {
  const auto usable = [&](const Tensor &tensor) {
    return tensor.type == type && (type != ElementType::int16 || tensor.quantization.zero_point() == 0);
  };
  return usable(node.input(0)) && usable(node.input(1)) && usable(node.output());
}

bool fits_same_shape(const NodeView &node, ElementType type) {
  return types_are(node, type) && node.input(0).shape == node.output().shape &&
         node.input(1).shape == node.output().shape;
}

bool fits_broadcast(const NodeView &node, ElementType type) {
  return types_are(node, type) && walkable(broadcast_box(node));
}

// "elementwise<QuantizedSum<int8_t, 1>, FromMemory, FromConstant>"
std::string function_text(const NodeView &node, std::string_view kernel, std::string_view operation) {
  const auto source = [&](size_t input) { return node.input(input).is_constant() ? "FromConstant" : "FromMemory"; };
  return fmt::format("{}<{}, {}, {}>", kernel, operation, source(0), source(1));
}

// Adds an operand to a call: a tensor in memory, or a constant with those bytes.
void add_operand(KernelCall &call, const NodeView &node, size_t input, Bytes constant_bytes) {
  if (!node.input(input).is_constant()) {
    call.arguments.push_back(input_argument(input));
    return;
  }
  call.arguments.push_back(constant_argument(call.constants.size()));
  call.constants.push_back({input == 0 ? "first" : "second", node.input(input).type, std::move(constant_bytes)});
}

KernelCall call_same_shape(const NodeView &node, std::string_view operation, KernelParameters parameters) {
  KernelCall call{.function = function_text(node, "elementwise", operation), .parameters = std::move(parameters),
                  .arguments = {parameters_argument()}};
  for (size_t input : {0, 1}) {
    const Tensor &tensor = node.input(input);
    add_operand(call, node, input, tensor.is_constant() ? bytes_in_layout(tensor, node.output().layout) : Bytes{});
  }
  call.arguments.push_back(output_argument());
  return call;
}

KernelCall call_broadcast(const NodeView &node, std::string_view operation, KernelParameters parameters) {
  KernelCall call{.function = function_text(node, "elementwise_strided", operation),
                  .parameters = std::move(parameters),
                  .constants = {box_constant(broadcast_box(node))},
                  .arguments = {parameters_argument(), constant_argument(0)}};
  for (size_t input : {0, 1}) {
    const Tensor &tensor = node.input(input);
    add_operand(call, node, input, tensor.is_constant() ? *tensor.constant : Bytes{});
  }
  call.arguments.push_back(output_argument());
  return call;
}

// An operand that lies as the output does is read in step with it, unlike a repeated one or one in another order.
std::vector<Overlap> broadcast_overlap(const NodeView &node) {
  std::vector<Overlap> overlaps;
  for (const Overlap &overlap : elementwise_overlap(node)) {
    const Tensor &input = node.input(overlap.input);
    if (input.shape.size() == node.output().shape.size() && strides_of(input) == strides_of(node.output()))
      overlaps.push_back(overlap);
  }
  return overlaps;
}

template <int cycles_per_element>
Cost cost(const NodeView &node) {
  Cost estimate{.cycles = cycles_per_element * static_cast<double>(node.output().elements())};
  for (size_t input : {0, 1})
    if (node.input(input).is_constant()) estimate.constant_bytes += static_cast<double>(node.input(input).bytes());
  return estimate;
}

// The two kernels of one Operation (the last arguments): operands of the output's shape, and broadcast ones.
#define WHIT_ELEMENTWISE_KERNELS(kernel_name, type, cycles, parameters, ...)                                  \
  {.name = kernel_name, .header = header, .fits = [](const NodeView &node) { return fits_same_shape(node, type); }, \
   .call = [](const NodeView &node) { return call_same_shape(node, #__VA_ARGS__, parameters(node)); },        \
   .host = host_call<elementwise<__VA_ARGS__, FromMemory, FromMemory>>, .cost = cost<cycles>,                 \
   .layouts = any_same_layout, .overlap = elementwise_overlap},                                               \
  {.name = kernel_name "_broadcast", .header = header,                                                        \
   .fits = [](const NodeView &node) { return fits_broadcast(node, type); },                                   \
   .call = [](const NodeView &node) { return call_broadcast(node, #__VA_ARGS__, parameters(node)); },         \
   .host = host_call<elementwise_strided<__VA_ARGS__, FromMemory, FromMemory>>, .cost = cost<cycles + 10>,    \
   .layouts = any_same_layout, .overlap = broadcast_overlap}

// The DSP kernel of add (sign 1) or sub (-1).
template <int sign>
constexpr Kernel dsp_kernel(std::string_view name) {
  return {.name = name, .header = "ops/elementwise/quantized_sum.dsp.kernel.hpp", .features = {Feature::dsp},
          .fits = quantized_sum_dsp::fits<sign>, .call = quantized_sum_dsp::call<sign>,
          .cost = quantized_sum_dsp::cost, .layouts = any_same_layout, .overlap = elementwise_overlap};
}

template <int sign>
constexpr Kernel linear_kernel(std::string_view name) {
  return {.name = name, .header = "ops/elementwise/quantized_sum.linear.kernel.hpp",
          .features = {Feature::fast_multiplier}, .fits = quantized_sum_dsp::fits<sign>,
          .call = quantized_sum_dsp::call_linear<sign>, .host = quantized_sum_dsp::host_linear,
          .cost = quantized_sum_dsp::cost_linear, .layouts = any_same_layout, .overlap = elementwise_overlap};
}

constexpr Kernel add_kernels[] = {
    dsp_kernel<1>("add_dsp"),
    linear_kernel<1>("add_linear"),
    WHIT_ELEMENTWISE_KERNELS("add_int8", ElementType::int8, 45, quantized_sum_parameters, QuantizedSum<int8_t, 1>),
    WHIT_ELEMENTWISE_KERNELS("add_int16", ElementType::int16, 45, quantized_sum_parameters, QuantizedSum<int16_t, 1>),
    WHIT_ELEMENTWISE_KERNELS("add_float", ElementType::float32, 15, float_parameters, FloatSum<1>),
};

constexpr Kernel sub_kernels[] = {
    dsp_kernel<-1>("sub_dsp"),
    linear_kernel<-1>("sub_linear"),
    WHIT_ELEMENTWISE_KERNELS("sub_int8", ElementType::int8, 45, quantized_sum_parameters,
                             QuantizedSum<int8_t, -1>),
    WHIT_ELEMENTWISE_KERNELS("sub_int16", ElementType::int16, 45, quantized_sum_parameters,
                             QuantizedSum<int16_t, -1>),
    WHIT_ELEMENTWISE_KERNELS("sub_float", ElementType::float32, 15, float_parameters, FloatSum<-1>),
};

constexpr Kernel mul_kernels[] = {
    WHIT_ELEMENTWISE_KERNELS("mul_int8", ElementType::int8, 25, quantized_product_parameters,
                             QuantizedProduct<int8_t>),
    WHIT_ELEMENTWISE_KERNELS("mul_int16", ElementType::int16, 25, quantized_product_parameters,
                             QuantizedProduct<int16_t>),
    WHIT_ELEMENTWISE_KERNELS("mul_float", ElementType::float32, 15, float_parameters, FloatProduct),
};

// A shape that broadcasts with `shape`: leading axes dropped, some axes of length 1.
Shape random_partner(RandomGraphBuilder &build, const Shape &shape) {
  const auto dropped = build.between(0, static_cast<int64_t>(shape.size()) - 1);
  Shape partner(shape.begin() + dropped, shape.end());
  for (int64_t &axis : partner)
    if (build.between(0, 1) == 1) axis = 1;
  return partner;
}

template <ElementType type>
Graph random_pair(std::mt19937 &random, std::string op) {
  RandomGraphBuilder build(random, std::move(op));
  Shape first = {1, build.between(1, 6), build.between(1, 6), build.between(1, 6)};
  Shape second = build.between(0, 1) == 1 ? first : random_partner(build, first);
  if (build.between(0, 1) == 1) std::swap(first, second);
  const TensorId left = build.input(type, first);
  const TensorId right = build.between(0, 2) == 0 ? build.constant(type, second) : build.input(type, second);
  const bool swapped = build.between(0, 1) == 1;
  return build.finish({swapped ? right : left, swapped ? left : right}, build.activation());
}

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
Graph random_add(std::mt19937 &random) { return random_pair<type>(random, "add"); }
template <ElementType type>
Graph random_sub(std::mt19937 &random) { return random_pair<type>(random, "sub"); }
template <ElementType type>
Graph random_mul(std::mt19937 &random) { return random_pair<type>(random, "mul"); }

constexpr RandomGraph add_graphs[] = {random_add<ElementType::int8>, random_add<ElementType::int16>,
                                      random_add<ElementType::float32>, random_residual_add};
constexpr RandomGraph sub_graphs[] = {random_sub<ElementType::int8>, random_sub<ElementType::int16>,
                                      random_sub<ElementType::float32>, random_residual_sub};
constexpr RandomGraph mul_graphs[] = {random_mul<ElementType::int8>, random_mul<ElementType::int16>,
                                      random_mul<ElementType::float32>};

constexpr std::string_view limits =
    "int8, int16 (zero points of 0) and float32, both operands of one type; shapes that broadcast over at most six "
    "merged axes";

consteval OpDef definition(std::string_view name, std::string_view summary, std::span<const Kernel> kernels,
                           std::span<const RandomGraph> graphs, ChannelFlow (*flow)(const NodeView &)) {
  return complete({.name = name, .summary = summary, .least_inputs = 2, .most_inputs = 2,
                   .quantization = QuantizationRule::rescale, .attributes = activation_rules, .infer = infer,
                   .kernels = kernels, .random_graphs = graphs, .channel_flow = flow, .limits = limits});
}

}  // namespace

Shape broadcast_shape(const NodeView &node) {
  const Shape &first = node.input(0).shape, &second = node.input(1).shape;
  Shape shape(std::max(first.size(), second.size()));
  const auto axis_of = [&](const Shape &operand, size_t axis) {  // `axis` counts in the result
    const size_t missing = shape.size() - operand.size();
    return axis < missing ? int64_t{1} : operand[axis - missing];
  };
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    const int64_t a = axis_of(first, axis), b = axis_of(second, axis);
    if (a != b && a != 1 && b != 1)
      throw UserError({node.place(), fmt::format("shapes {} and {}", text_of(first), text_of(second)),
                       "shapes that are equal, or 1, axis by axis from the last", "the model file may be damaged"});
    shape[axis] = a == 1 ? b : a;
  }
  return shape;
}

std::vector<StridedAxis> broadcast_box(const NodeView &node) {
  const Tensor &output = node.output();
  const auto stride_along = [&](const Tensor &operand, size_t axis) {
    const size_t missing = output.shape.size() - operand.shape.size();
    if (axis < missing || operand.shape[axis - missing] == 1) return int64_t{0};
    return strides_of(operand)[axis - missing];
  };
  std::vector<StridedAxis> axes;
  for (size_t axis : axes_in_memory(output))
    axes.push_back({output.shape[axis], {stride_along(node.input(0), axis), stride_along(node.input(1), axis)}});
  return merge_axes(axes, 2);
}

KernelParameters quantized_sum_parameters(const NodeView &node) {
  auto p = pair_parameters<QuantizedSumParameters>(node);
  const auto set = [](double scale, int32_t &multiplier, int8_t &shift) {
    const QuantizedMultiplier value = quantize_multiplier(scale);
    multiplier = value.multiplier;
    shift = static_cast<int8_t>(value.shift);
  };
  const SumScales scales = sum_scales(node);
  set(scales.first, p.first_multiplier, p.first_shift);
  set(scales.second, p.second_multiplier, p.second_shift);
  set(scales.output, p.output_multiplier, p.output_shift);
  p.left_shift = static_cast<int8_t>(sum_left_shift(node.output().type));
  return parameters_from(p);
}

KernelParameters quantized_product_parameters(const NodeView &node) {
  auto p = pair_parameters<QuantizedProductParameters>(node);
  const QuantizedMultiplier value =
      quantize_multiplier(static_cast<double>(node.input(0).quantization.scale()) *
                          static_cast<double>(node.input(1).quantization.scale()) /
                          static_cast<double>(node.output().quantization.scale()));
  p.output_multiplier = value.multiplier;
  p.output_shift = static_cast<int8_t>(value.shift);
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
