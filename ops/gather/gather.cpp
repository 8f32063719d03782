// SPDX-License-Identifier: Apache-2.0
// gather: inputs data and positions (int32); attributes "axis" and "batch_axes" (how many leading axes both share).
// gather_nd: each row of positions names one place along the data's first axes.
#define WHIT_HOST
#include "ops/gather/gather.kernel.hpp"

#include "ops/each_type.hpp"
#include "ops/elementwise/pair.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

[[noreturn]] void refuse(const NodeView &node, const std::string &found, const std::string &supported) {
  throw UserError({node.place(), found, supported, "the model file may be damaged"});
}

void check_positions(const NodeView &node) {
  if (node.input(1).type != ElementType::int32)
    refuse(node, fmt::format("positions of type {}", name_of(node.input(1).type)), "int32");
}

size_t axis_of(const NodeView &node) { return static_cast<size_t>(node.attributes().integer("axis")); }
size_t batch_axes(const NodeView &node) { return static_cast<size_t>(node.attributes().integer("batch_axes")); }

int64_t product(const Shape &shape, size_t from, size_t to) {
  return element_count(Shape(shape.begin() + static_cast<std::ptrdiff_t>(from), shape.begin() + static_cast<std::ptrdiff_t>(to)));
}

std::vector<TensorType> infer_gather(const NodeView &node) {
  check_positions(node);
  const Shape &data = node.input(0).shape, &positions = node.input(1).shape;
  const int64_t axis = node.attributes().integer("axis"), batches = node.attributes().integer("batch_axes");
  if (axis < 0 || axis >= static_cast<int64_t>(data.size()) || batches < 0 || batches > axis ||
      batches > static_cast<int64_t>(positions.size()))
    refuse(node, fmt::format("axis {} and {} batch axes of data {}", axis, batches, text_of(data)),
           "an axis of the data behind the batch axes");
  for (size_t index = 0; index < batch_axes(node); ++index)
    if (data[index] != positions[index])
      refuse(node, fmt::format("data {} with positions {}", text_of(data), text_of(positions)), "equal batch axes");
  Shape shape(data.begin(), data.begin() + axis);
  shape.insert(shape.end(), positions.begin() + batches, positions.end());
  shape.insert(shape.end(), data.begin() + axis + 1, data.end());
  return {{node.input(0).type, shape}};
}

std::vector<TensorType> infer_gather_nd(const NodeView &node) {
  check_positions(node);
  const Shape &data = node.input(0).shape, &positions = node.input(1).shape;
  if (positions.empty() || positions.back() > static_cast<int64_t>(data.size()))
    refuse(node, fmt::format("positions {} in data {}", text_of(positions), text_of(data)),
           "rows of as many positions as the data has axes at most");
  Shape shape(positions.begin(), positions.end() - 1);
  shape.insert(shape.end(), data.begin() + positions.back(), data.end());
  return {{node.input(0).type, shape}};
}

template <ElementType type>
bool fits(const NodeView &node) {
  return node.input(0).type == type && node.output().type == type;
}

// "gather<int8_t, FromConstant, FromMemory>", with data and positions added to its arguments.
KernelCall with_operands(const NodeView &node, std::string_view kernel, KernelCall call) {
  const auto source = [&](size_t input) { return node.input(input).is_constant() ? "FromConstant" : "FromMemory"; };
  call.function = fmt::format("{}<{}, {}, {}>", kernel, c_type_of(node.input(0).type), source(0), source(1));
  for (size_t input : {0, 1})
    add_operand(call, node, input, node.input(input).is_constant() ? *node.input(input).constant : Bytes{});
  call.arguments.push_back(output_argument());
  return call;
}

KernelCall call_gather(const NodeView &node) {
  const Shape &data = node.input(0).shape, &positions = node.input(1).shape;
  const size_t axis = axis_of(node), batches = batch_axes(node);
  const GatherParameters p{static_cast<int32_t>(product(data, 0, batches)),
                           static_cast<int32_t>(product(data, batches, axis)), static_cast<int32_t>(data[axis]),
                           static_cast<int32_t>(product(positions, batches, positions.size())),
                           static_cast<int32_t>(product(data, axis + 1, data.size()))};
  return with_operands(node, "gather", {.parameters = parameters_from(p), .arguments = {parameters_argument()}});
}

KernelCall call_gather_nd(const NodeView &node) {
  const Shape &data = node.input(0).shape, &positions = node.input(1).shape;
  const auto depth = static_cast<size_t>(positions.back());
  std::vector<int32_t> axes;
  for (size_t axis = 0; axis < depth; ++axis) {
    axes.push_back(static_cast<int32_t>(data[axis]));
    axes.push_back(static_cast<int32_t>(product(data, axis + 1, data.size())));
  }
  const GatherNdParameters p{static_cast<int32_t>(product(positions, 0, positions.size() - 1)),
                             static_cast<int32_t>(depth), static_cast<int32_t>(product(data, depth, data.size()))};
  return with_operands(node, "gather_nd",
                       {.parameters = parameters_from(p),
                        .constants = {{"axes", ElementType::int32, bytes_of(axes)}},
                        .arguments = {parameters_argument(), constant_argument(0)}});
}

Cost cost(const NodeView &node) { return {.cycles = 8 * static_cast<double>(node.output().elements())}; }

template <ElementType type, typename T>
constexpr Kernel gather_kernel(std::string_view name) {
  return {.name = name, .header = "ops/gather/gather.kernel.hpp", .fits = fits<type>, .call = call_gather,
          .host = host_call<gather<T, FromMemory, FromMemory>>, .cost = cost};
}

template <ElementType type, typename T>
constexpr Kernel gather_nd_kernel(std::string_view name) {
  return {.name = name, .header = "ops/gather/gather.kernel.hpp", .fits = fits<type>, .call = call_gather_nd,
          .host = host_call<gather_nd<T, FromMemory, FromMemory>>, .cost = cost};
}

constexpr Kernel gather_kernels[] = {WHIT_KERNEL_OF_EACH_TYPE(gather_kernel, "gather")};
constexpr Kernel gather_nd_kernels[] = {WHIT_KERNEL_OF_EACH_TYPE(gather_nd_kernel, "gather_nd")};

std::optional<Interval> gather_values(const NodeView &node, size_t input) {
  if (input == 0) return std::nullopt;
  return Interval{0, node.input(0).shape[axis_of(node)] - 1};
}

std::optional<Interval> gather_nd_values(const NodeView &node, size_t input) {
  if (input == 0) return std::nullopt;
  int64_t shortest = node.input(0).shape.empty() ? 1 : node.input(0).shape[0];
  for (int64_t axis = 0; axis < node.input(1).shape.back(); ++axis)
    shortest = std::min(shortest, node.input(0).shape[static_cast<size_t>(axis)]);
  return Interval{0, shortest - 1};
}

// Constant positions from 0 to below `length`, or an input.
TensorId positions(RandomGraphBuilder &build, Shape shape, int64_t length) {
  if (build.between(0, 1) == 1) return build.input(ElementType::int32, shape);
  std::vector<int32_t> values(static_cast<size_t>(element_count(shape)));
  for (int32_t &value : values) value = static_cast<int32_t>(build.between(0, length - 1));
  return build.graph().add_constant("positions", ElementType::int32, shape, bytes_of(values));
}

Shape random_shape(RandomGraphBuilder &build, int64_t least_axes) {
  Shape shape(static_cast<size_t>(build.between(least_axes, 4)));
  for (int64_t &length : shape) length = build.between(1, 5);
  return shape;
}

template <ElementType type>
Graph random_gather(std::mt19937 &random) {
  RandomGraphBuilder build(random, "gather");
  const Shape shape = random_shape(build, 1);
  const int64_t axis = build.between(0, static_cast<int64_t>(shape.size()) - 1), batches = build.between(0, axis);
  Shape places(shape.begin(), shape.begin() + batches);
  for (int64_t count = build.between(0, 4 - batches > 2 ? 2 : 1); count > 0; --count) places.push_back(build.between(1, 4));
  const int64_t length = shape[static_cast<size_t>(axis)];
  const bool known = build.between(0, 2) == 0;
  const TensorId data = known ? build.constant(type, shape) : build.input(type, shape);
  const TensorId where = known ? build.input(ElementType::int32, places) : positions(build, places, length);
  return build.finish({data, where}, {{"axis", axis}, {"batch_axes", batches}});
}

template <ElementType type>
Graph random_gather_nd(std::mt19937 &random) {
  RandomGraphBuilder build(random, "gather_nd");
  const Shape shape = random_shape(build, 1);
  Shape places = random_shape(build, 1);
  places.resize(std::min<size_t>(places.size(), 2));
  places.back() = build.between(1, static_cast<int64_t>(shape.size()));
  int64_t shortest = 5;
  for (int64_t axis = 0; axis < places.back(); ++axis) shortest = std::min(shortest, shape[static_cast<size_t>(axis)]);
  const TensorId data = build.input(type, shape);
  return build.finish({data, positions(build, places, shortest)}, {});
}

constexpr RandomGraph gather_graphs[] = {WHIT_GRAPH_OF_EACH_TYPE(random_gather)};
constexpr RandomGraph gather_nd_graphs[] = {WHIT_GRAPH_OF_EACH_TYPE(random_gather_nd)};
constexpr AttributeRules<2> gather_attributes{{{"axis"}, {"batch_axes"}}};
constexpr AttributeRules<0> gather_nd_attributes{};
constexpr std::string_view limits = "every type but int4; positions int32, those beyond the ends taken as the ends";

}  // namespace

extern const OpDef gather_op, gather_nd_op;
constinit const OpDef gather_op =
    complete({.name = "gather", .summary = "slices at positions along one axis", .least_inputs = 2, .most_inputs = 2,
              .attributes = gather_attributes, .infer = infer_gather, .kernels = gather_kernels,
              .input_values = gather_values, .random_graphs = gather_graphs, .limits = limits});
constinit const OpDef gather_nd_op =
    complete({.name = "gather_nd", .summary = "slices at positions along several axes", .least_inputs = 2,
              .most_inputs = 2, .attributes = gather_nd_attributes, .infer = infer_gather_nd,
              .kernels = gather_nd_kernels, .input_values = gather_nd_values, .random_graphs = gather_nd_graphs,
              .limits = limits});

}  // namespace whit
