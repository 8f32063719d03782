// SPDX-License-Identifier: Apache-2.0
// The mean operator: inference, grouping of axes, kernels and the facts they declare.
#define WHIT_HOST
#include "ops/reduce/mean.hpp"

#include <algorithm>
#include <bit>
#include <limits>

#include "ops/quantized_multiplier.hpp"
#include "ops/random_graph.hpp"
#include "ops/reduce/mean.kernel.hpp"
#include "ops/reduce/reduce.hpp"
#include "ops/strided.hpp"

namespace whit {

namespace {

constexpr int64_t most_averaged = 1 << 23;  // int8 values, whose sum less the zero point still fits 32 bits

bool keeps_axes(const NodeView &node) { return node.attributes().integer("keep_axes") != 0; }

// Axes in the order of memory.
std::vector<size_t> axis_order(const NodeView &node) {
  if (runs_planar(node)) return {0, 3, 1, 2};
  std::vector<size_t> order(node.input(0).shape.size());
  for (size_t axis = 0; axis < order.size(); ++axis) order[axis] = axis;
  return order;
}

bool fits_int8(const NodeView &node) {
  const MeanGroups groups = mean_groups(node);
  return node.input(0).type == ElementType::int8 && node.output().type == ElementType::int8 &&
         node.input(0).quantization.present() && node.output().quantization.present() && groups.possible &&
         groups.averaged() <= most_averaged;
}

bool fits_float(const NodeView &node) {
  return node.input(0).type == ElementType::float32 && node.output().type == ElementType::float32 &&
         mean_groups(node).possible;
}

template <typename Parameters>
Parameters group_parameters(const MeanGroups &groups) {
  Parameters parameters{};
  parameters.outer_kept = static_cast<int32_t>(groups.outer_kept);
  parameters.outer_averaged = static_cast<int32_t>(groups.outer_averaged);
  parameters.inner_kept = static_cast<int32_t>(groups.inner_kept);
  parameters.inner_averaged = static_cast<int32_t>(groups.inner_averaged);
  return parameters;
}

// The scales' quotient over `count`: the integer multiplier is divided, as much of 2^k = count as there is room for
// having gone into the shift before. docs/semantics.md, "mean".
QuantizedMultiplier mean_multiplier(const NodeView &node, int64_t count) {
  const QuantizedMultiplier scales = quantize_multiplier(static_cast<double>(node.input(0).quantization.scale()) /
                                                         static_cast<double>(node.output().quantization.scale()));
  const int log = std::bit_width(static_cast<uint64_t>(count)) - 1;
  const int shift = std::min(log, 31 + scales.shift);
  return {static_cast<int32_t>((static_cast<int64_t>(scales.multiplier) << shift) / count), scales.shift - shift};
}

KernelCall call_int8_with(const NodeView &node, std::string function, int64_t added_to_each, QuantizedMultiplier multiplier) {
  const MeanGroups groups = mean_groups(node);
  auto parameters = group_parameters<MeanInt8Parameters>(groups);
  parameters.zero_sum = static_cast<int32_t>((node.input(0).quantization.zero_point() + added_to_each) * groups.averaged());
  parameters.multiplier = multiplier.multiplier;
  parameters.shift = static_cast<int16_t>(multiplier.shift);
  parameters.output_zero = static_cast<int16_t>(node.output().quantization.zero_point());
  return {.function = std::move(function),
          .parameters = parameters_from(parameters),
          .constants = {},
          .arguments = {parameters_argument(), input_argument(0), output_argument()}};
}

QuantizedMultiplier multiplier_of(const NodeView &node) { return mean_multiplier(node, mean_groups(node).averaged()); }

KernelCall call_int8(const NodeView &node) { return call_int8_with(node, "mean_int8", 0, multiplier_of(node)); }
KernelCall call_rows_dsp(const NodeView &node) { return averaged_rows_call(node, multiplier_of(node)); }
KernelCall call_columns_dsp(const NodeView &node) { return averaged_columns_call(node, multiplier_of(node)); }

KernelCall call_float(const NodeView &node) {
  return {.function = "mean_float",
          .parameters = parameters_from(group_parameters<MeanFloatParameters>(mean_groups(node))),
          .constants = {},
          .arguments = {parameters_argument(), input_argument(0), output_argument()}};
}

template <ElementType type>
bool fits_any_axes(const NodeView &node) {
  return node.input(0).type == type && node.output().type == type && reduction_fits(node) &&
         (type == ElementType::float32 || stored_sum_fits(node));
}

template <ElementType type>
KernelCall call_any_axes(const NodeView &node) {
  const int64_t count = node.input(0).elements() / node.output().elements();
  return reduce_call(node, fmt::format("QuantizedTotal<{}>", c_type_of(type)),
                     quantized_total_parameters(node, mean_multiplier(node, count)));
}

KernelCall call_float_any_axes(const NodeView &node) {
  return reduce_call(node, "FloatAverage", average_parameters(node));
}

Cost portable_cost(const NodeView &node) {
  constexpr double cycles_per_value = 6, cycles_per_output = 30;
  return {.cycles = cycles_per_value * static_cast<double>(node.input(0).elements()) +
                    cycles_per_output * static_cast<double>(node.output().elements())};
}

// Planar data leaves the kept axes in planar order: right where the output is planar too, or where it has no channel
// or nothing but channels, whose order is the same in both layouts. A float sum over pixels and channels must be in the
// order of channel_last, since it rounds at each step.
std::vector<LayoutChoice> layouts(const NodeView &node) {
  const std::vector<bool> averaged = reduced_axes(node);
  std::vector<LayoutChoice> choices = {{{Layout::channel_last}, {Layout::channel_last}}};
  if (averaged.size() != 4) return choices;
  const bool across = averaged[3] && (averaged[1] || averaged[2]);
  if (across && node.input(0).type == ElementType::float32) return choices;
  if (keeps_axes(node))
    choices.push_back({{Layout::planar}, {Layout::planar}});
  else if (averaged[3] || (averaged[1] && averaged[2]))
    choices.push_back({{Layout::planar}, {Layout::channel_last}});
  return choices;
}

template <bool (*holds)(const NodeView &)>
std::vector<LayoutChoice> dsp_layouts(const NodeView &node) { return choices_where(node, layouts(node), holds); }

template <bool (*holds)(const NodeView &)>
bool fits_dsp(const NodeView &node) { return fits_int8(node) && !dsp_layouts<holds>(node).empty(); }

// Eight or four columns are read whole before they are written; the last four may be read again.
std::vector<Overlap> columns_overlap(const NodeView &node) {
  const int64_t beyond_fours = mean_groups(node).inner_kept % 4;
  return {{.input = 0, .at_most = beyond_fours == 0 ? 0 : beyond_fours - 4}};
}

// An output value is written when all its data has been read, and takes one place of the inner_averaged or more that
// this data took.
std::vector<Overlap> direct_overlap(const NodeView &node) {
  const int64_t element_bytes = bits_of(node.input(0).type) / 8;
  return {{.input = 0, .at_most = (mean_groups(node).inner_averaged - 1) * element_bytes}};
}

constexpr std::string_view header = "ops/reduce/mean.kernel.hpp";
constexpr Kernel kernels[] = {
    {.name = "mean_rows_dsp", .header = mean_dsp_header, .features = {Feature::dsp}, .fits = fits_dsp<averages_rows>, .call = call_rows_dsp,
     .cost = averaged_rows_cost, .layouts = dsp_layouts<averages_rows>, .overlap = direct_overlap},
    {.name = "mean_columns_dsp", .header = mean_dsp_header, .features = {Feature::dsp}, .fits = fits_dsp<averages_columns>,
     .call = call_columns_dsp, .cost = averaged_columns_cost, .layouts = dsp_layouts<averages_columns>, .overlap = columns_overlap},
    {.name = "mean_int8", .header = header, .fits = fits_int8, .call = call_int8, .host = host_call<mean_int8>,
     .cost = portable_cost, .layouts = layouts, .overlap = direct_overlap},
    {.name = "mean_float", .header = header, .fits = fits_float, .call = call_float, .host = host_call<mean_float>,
     .cost = portable_cost, .layouts = layouts, .overlap = direct_overlap},
    {.name = "mean_int8_any_axes", .header = reduce_header, .fits = fits_any_axes<ElementType::int8>,
     .call = call_any_axes<ElementType::int8>, .host = host_total_int8, .cost = reduce_cost},
    {.name = "mean_int16", .header = reduce_header, .fits = fits_any_axes<ElementType::int16>,
     .call = call_any_axes<ElementType::int16>, .host = host_total_int16, .cost = reduce_cost},
    {.name = "mean_float_any_axes", .header = reduce_header, .fits = fits_any_axes<ElementType::float32>,
     .call = call_float_any_axes, .host = host_average_float, .cost = reduce_cost},
};

// More pixels than 16 bits hold the sum of.
Graph random_image(std::mt19937 &random) {
  RandomGraphBuilder build(random, "mean");
  const Shape shape = {1, build.between(14, 20), build.between(16, 20), build.between(3, 14)};
  Graph graph = build.finish({build.input(ElementType::int8, shape)}, {{"axes", std::vector<int64_t>{1, 2}}, {"keep_axes", build.between(0, 1)}});
  graph.tensor(graph.outputs[0]).quantization.scales = {graph.tensor(graph.inputs[0]).quantization.scale() * 0.7F};
  return graph;
}

Graph random_mean(std::mt19937 &random, ElementType type) {
  RandomGraphBuilder build(random, "mean");
  Shape shape = {build.between(0, 3) == 0 ? build.between(2, 3) : 1};
  const int64_t rank = build.between(2, 4);
  while (static_cast<int64_t>(shape.size()) < rank) shape.push_back(build.between(1, 7));
  std::vector<int64_t> axes;
  for (int64_t axis = shape[0] == 1 ? 1 : 0; axis < rank; ++axis)
    if (build.between(0, 1) == 1) axes.push_back(axis);
  if (axes.empty()) axes.push_back(rank - 1);
  Graph graph = build.finish({build.input(type, shape)}, {{"axes", axes}, {"keep_axes", build.between(0, 1)}});
  if (type != ElementType::float32)  // averages spread less than the data
    graph.tensor(graph.outputs[0]).quantization.scales = {graph.tensor(graph.inputs[0]).quantization.scale() *
                                                          build.real_between(0.2F, 1.2F)};
  return graph;
}

Graph random_int8(std::mt19937 &random) { return random_mean(random, ElementType::int8); }
Graph random_int16(std::mt19937 &random) { return random_mean(random, ElementType::int16); }
Graph random_float(std::mt19937 &random) { return random_mean(random, ElementType::float32); }

ChannelFlow channel_flow(const NodeView &node) {
  const std::vector<bool> averaged = reduced_axes(node);
  return averaged.empty() || averaged.back() ? ChannelFlow::mixed : ChannelFlow::monotone;
}

constexpr RandomGraph random_graphs[] = {random_int8, random_int16, random_float, random_image};

}  // namespace

std::vector<bool> reduced_axes(const NodeView &node) {
  const auto rank = static_cast<int64_t>(node.input(0).shape.size());
  std::vector<bool> reduced(static_cast<size_t>(rank));
  for (int64_t axis : node.attributes().integers("axes")) {
    if (axis < -rank || axis >= rank)
      throw UserError({node.place(), fmt::format("axis {} of data with {} axes", axis, rank), "axes that the data has",
                       "the model file may be damaged"});
    reduced[static_cast<size_t>(axis < 0 ? axis + rank : axis)] = true;
  }
  return reduced;
}

std::vector<TensorType> infer_reduction(const NodeView &node) {
  const std::vector<bool> reduced = reduced_axes(node);
  Shape output;
  for (size_t axis = 0; axis < reduced.size(); ++axis)
    if (!reduced[axis])
      output.push_back(node.input(0).shape[axis]);
    else if (keeps_axes(node))
      output.push_back(1);
  return {{node.input(0).type, output}};
}

MeanGroups mean_groups(const NodeView &node) {
  const std::vector<bool> averaged = reduced_axes(node);
  MeanGroups groups;
  // Filled from the last axis on: inner averaged, inner kept, outer averaged, outer kept.
  int64_t *const extents[] = {&groups.inner_averaged, &groups.inner_kept, &groups.outer_averaged, &groups.outer_kept};
  size_t group = 0;
  std::vector<size_t> order = axis_order(node);
  std::ranges::reverse(order);
  for (size_t axis : order) {
    const int64_t extent = node.input(0).shape[axis];
    if (extent == 1) continue;
    if (averaged[axis] != (group % 2 == 0)) ++group;
    if (group == std::size(extents)) {
      groups.possible = false;
      return groups;
    }
    *extents[group] *= extent;
  }
  return groups;
}

bool averages_rows(const NodeView &node) {
  constexpr int64_t worth_words = 8;
  const MeanGroups groups = mean_groups(node);
  return groups.possible && groups.inner_averaged >= worth_words;
}

bool averages_columns(const NodeView &node) {
  const MeanGroups groups = mean_groups(node);
  return groups.possible && groups.inner_averaged == 1 && groups.outer_averaged > 1 && groups.inner_kept >= 4;
}

KernelCall averaged_rows_call(const NodeView &node, QuantizedMultiplier multiplier) {
  return call_int8_with(node, "mean_rows_dsp", 128, multiplier);
}

KernelCall averaged_columns_call(const NodeView &node, QuantizedMultiplier multiplier) {
  return call_int8_with(node, "mean_columns_dsp", 0, multiplier);
}

Cost averaged_rows_cost(const NodeView &node) {
  constexpr double cycles_per_value = 2.0, cycles_per_row = 12, cycles_per_output = 30;
  const auto values = static_cast<double>(node.input(0).elements());
  const double rows = values / static_cast<double>(mean_groups(node).inner_averaged);
  return {.cycles = cycles_per_value * values + cycles_per_row * rows + cycles_per_output * static_cast<double>(node.output().elements()),
          .code_bytes = 220};
}

Cost averaged_columns_cost(const NodeView &node) {
  constexpr double cycles_per_value = 1.5, cycles_per_output = 40;
  return {.cycles = cycles_per_value * static_cast<double>(node.input(0).elements()) +
                    cycles_per_output * static_cast<double>(node.output().elements()),
          .code_bytes = 700};
}

extern const OpDef mean_op;
constinit const OpDef mean_op = complete(
    {.name = "mean", .summary = "average over some axes", .quantization = QuantizationRule::rescale,
     .attributes = reduce_attributes, .infer = infer_reduction, .kernels = kernels, .random_graphs = random_graphs,
     .channel_flow = channel_flow,
     .limits = "int8, int16 or float32"});

}  // namespace whit
