// SPDX-License-Identifier: Apache-2.0
// reduce_max, reduce_min, reduce_all and sum: attributes "axes" and "keep_axes", as mean has them.
#define WHIT_HOST
#include "ops/reduce/reduce.kernel.hpp"

#include "ops/activation_range.hpp"
#include "ops/random_graph.hpp"
#include "ops/reduce/mean.hpp"
#include "ops/reduce/reduce.hpp"
#include "ops/strided.hpp"

namespace whit {

namespace {

using enum ElementType;

// The axes that stay (or go), in order, with the input's strides.
std::vector<StridedAxis> box_of(const NodeView &node, bool reduced) {
  const std::vector<bool> goes = reduced_axes(node);
  const std::vector<int64_t> strides = strides_of(node.input(0));
  std::vector<StridedAxis> axes;
  for (size_t axis = 0; axis < goes.size(); ++axis)
    if (goes[axis] == reduced) axes.push_back({node.input(0).shape[axis], {strides[axis]}});
  return merge_axes(axes, 1);
}

bool usable(const NodeView &node, ElementType type) {
  return node.input(0).type == type && node.output().type == type && reduction_fits(node);
}

template <ElementType type>
bool fits_extreme(const NodeView &node) {
  return usable(node, type) && node.input(0).quantization == node.output().quantization;
}

template <ElementType type>
bool fits_sum(const NodeView &node) {
  return usable(node, type) && (type == float32 || stored_sum_fits(node));
}

QuantizedMultiplier sum_multiplier(const NodeView &node) {
  return quantize_multiplier(static_cast<double>(node.input(0).quantization.scale()) /
                             static_cast<double>(node.output().quantization.scale()));
}

KernelParameters quantized(const NodeView &node) { return quantized_total_parameters(node, sum_multiplier(node)); }

// By the DSP kernels of mean, which differ in the factor only.
constexpr Kernel sum_rows_kernel = {
    .name = "sum_rows_dsp", .header = mean_dsp_header, .features = {Feature::dsp},
    .fits = [](const NodeView &node) { return fits_sum<int8>(node) && averages_rows(node); },
    .call = [](const NodeView &node) { return averaged_rows_call(node, sum_multiplier(node)); }, .cost = averaged_rows_cost};
constexpr Kernel sum_columns_kernel = {
    .name = "sum_columns_dsp", .header = mean_dsp_header, .features = {Feature::dsp},
    .fits = [](const NodeView &node) { return fits_sum<int8>(node) && averages_columns(node); },
    .call = [](const NodeView &node) { return averaged_columns_call(node, sum_multiplier(node)); }, .cost = averaged_columns_cost};

#define WHIT_REDUCE_KERNEL(kernel_name, fitting, parameters, ...)                                           \
  {.name = kernel_name, .header = reduce_header, .fits = fitting,                                                 \
   .call = [](const NodeView &node) { return reduce_call(node, #__VA_ARGS__, parameters(node)); },  \
   .host = host_call<reduce<__VA_ARGS__>>, .cost = reduce_cost}

#define WHIT_EXTREME_KERNELS(op, text)                                                    \
  WHIT_REDUCE_KERNEL(op "_int8", fits_extreme<int8>, average_parameters, Extreme<int8_t, text>),       \
  WHIT_REDUCE_KERNEL(op "_int16", fits_extreme<int16>, average_parameters, Extreme<int16_t, text>),    \
  WHIT_REDUCE_KERNEL(op "_int32", fits_extreme<int32>, average_parameters, Extreme<int32_t, text>),    \
  WHIT_REDUCE_KERNEL(op "_float", fits_extreme<float32>, average_parameters, Extreme<float, text>)

constexpr Kernel max_kernels[] = {WHIT_EXTREME_KERNELS("reduce_max", true)};
constexpr Kernel min_kernels[] = {WHIT_EXTREME_KERNELS("reduce_min", false)};
constexpr Kernel all_kernels[] = {WHIT_REDUCE_KERNEL("reduce_all", fits_extreme<boolean>, average_parameters, AllTrue)};
constexpr Kernel sum_kernels[] = {
    sum_rows_kernel,
    sum_columns_kernel,
    WHIT_REDUCE_KERNEL("sum_int8", fits_sum<int8>, quantized, QuantizedTotal<int8_t>),
    WHIT_REDUCE_KERNEL("sum_int16", fits_sum<int16>, quantized, QuantizedTotal<int16_t>),
    WHIT_REDUCE_KERNEL("sum_float", fits_sum<float32>, average_parameters, FloatTotal)};

template <const auto &name, ElementType type>
Graph random_reduction(std::mt19937 &random) {
  RandomGraphBuilder build(random, name);
  Shape shape(static_cast<size_t>(build.between(1, 4)));
  for (int64_t &length : shape) length = build.between(1, 6);
  std::vector<int64_t> axes;
  for (size_t axis = 0; axis < shape.size(); ++axis)
    if (build.between(0, 1) == 1) axes.push_back(static_cast<int64_t>(axis));
  if (axes.empty()) axes.push_back(0);
  const TensorId data = build.input(type, shape);
  Graph graph = build.finish({data}, {{"axes", axes}, {"keep_axes", build.between(0, 1)}});
  Tensor &output = graph.tensor(graph.outputs[0]);
  const Tensor &input = graph.tensor(graph.inputs[0]);
  if (std::string_view(name) != "sum") {
    output.quantization = input.quantization;
  } else if (type != float32) {
    const auto count = static_cast<float>(input.elements()) / static_cast<float>(output.elements());
    output.quantization.scales = {input.quantization.scale() * count * build.real_between(0.2F, 2.0F)};
  }
  return graph;
}

constexpr char max_name[] = "reduce_max", min_name[] = "reduce_min", all_name[] = "reduce_all", sum_name[] = "sum";
// Long rows whose values, or whose columns, are added.
Graph random_table(std::mt19937 &random) {
  RandomGraphBuilder build(random, "sum");
  const int64_t rows = build.between(2, 9), columns = build.between(8, 40), axis = build.between(0, 1);
  Graph graph = build.finish({build.input(int8, {rows, columns})}, {{"axes", std::vector<int64_t>{axis}}, {"keep_axes", build.between(0, 1)}});
  const float scale = graph.tensor(graph.inputs[0]).quantization.scale();
  graph.tensor(graph.outputs[0]).quantization.scales = {scale * static_cast<float>(axis == 0 ? rows : columns)};
  return graph;
}

template <const auto &name, ElementType... types>
constexpr RandomGraph graphs[] = {random_reduction<name, types>...};

constexpr RandomGraph sum_graphs[] = {random_reduction<sum_name, int8>, random_reduction<sum_name, int16>,
                                      random_reduction<sum_name, float32>, random_table};

consteval OpDef definition(std::string_view name, std::string_view summary, QuantizationRule rule,
                           std::span<const Kernel> kernels, std::span<const RandomGraph> random_graphs,
                           std::string_view limits) {
  return complete({.name = name, .summary = summary, .quantization = rule, .attributes = reduce_attributes,
                   .infer = infer_reduction, .kernels = kernels, .random_graphs = random_graphs, .limits = limits});
}

constexpr std::string_view extremes = "int8, int16, int32 and float32; integers keep their scale";

}  // namespace

bool reduction_fits(const NodeView &node) { return walkable(box_of(node, true)) && walkable(box_of(node, false)); }

bool stored_sum_fits(const NodeView &node) {
  const int64_t most = node.input(0).type == int16 ? 1 << 15 : 1 << 22;
  return node.input(0).elements() / node.output().elements() <= most;
}

KernelCall reduce_call(const NodeView &node, std::string_view operation, KernelParameters parameters) {
  KernelConstant kept = box_constant(box_of(node, false)), reduced = box_constant(box_of(node, true));
  kept.name = "kept";
  reduced.name = "reduced";
  return {.function = fmt::format("reduce<{}>", operation), .parameters = std::move(parameters),
          .constants = {std::move(kept), std::move(reduced)},
          .arguments = {parameters_argument(), constant_argument(0), constant_argument(1), input_argument(0),
                        output_argument()}};
}

KernelParameters quantized_total_parameters(const NodeView &node, QuantizedMultiplier factor) {
  const int64_t count = node.input(0).elements() / node.output().elements();
  const IntegerRange range = type_range(node.output().type);
  return parameters_from(QuantizedReduceParameters{
      static_cast<int32_t>(node.input(0).quantization.zero_point() * count), factor.multiplier,
      static_cast<int16_t>(factor.shift), static_cast<int16_t>(node.output().quantization.zero_point()),
      static_cast<int16_t>(range.low), static_cast<int16_t>(range.high)});
}

KernelParameters average_parameters(const NodeView &node) {
  return parameters_from(ReduceParameters{static_cast<int32_t>(node.input(0).elements() / node.output().elements())});
}

void host_total_int8(std::span<void *const> arguments) { host_call<reduce<QuantizedTotal<int8_t>>>(arguments); }
void host_total_int16(std::span<void *const> arguments) { host_call<reduce<QuantizedTotal<int16_t>>>(arguments); }
void host_average_float(std::span<void *const> arguments) { host_call<reduce<FloatAverage>>(arguments); }

Cost reduce_cost(const NodeView &node) {
  return {.cycles = 10 * static_cast<double>(node.input(0).elements()) +
                    60 * static_cast<double>(node.output().elements())};
}

extern const OpDef reduce_max_op, reduce_min_op, reduce_all_op, sum_op;
constinit const OpDef reduce_max_op =
    definition("reduce_max", "largest value over some axes", QuantizationRule::same_scale, max_kernels,
               graphs<max_name, int8, int16, int32, float32>, extremes);
constinit const OpDef reduce_min_op =
    definition("reduce_min", "smallest value over some axes", QuantizationRule::same_scale, min_kernels,
               graphs<min_name, int8, int16, int32, float32>, extremes);
constinit const OpDef reduce_all_op =
    definition("reduce_all", "whether all values over some axes are true", QuantizationRule::same_scale, all_kernels,
               graphs<all_name, boolean>, "boolean");
constinit const OpDef sum_op =
    definition("sum", "sum over some axes", QuantizationRule::rescale, sum_kernels,
               sum_graphs, "int8, int16 and float32");

}  // namespace whit
