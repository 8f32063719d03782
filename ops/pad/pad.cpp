// SPDX-License-Identifier: Apache-2.0
// The pad operator.
#define WHIT_HOST
#include "ops/pad/pad.hpp"

#include "ops/each_type.hpp"
#include "ops/op_def.hpp"
#include "ops/pad/pad.kernel.hpp"
#include "ops/random_graph.hpp"
#include "ops/strided.hpp"

namespace whit {

namespace {

constexpr int64_t largest_padding = 32767;

// A real number for float32, a value of the type for integers.
void check_value(const NodeView &node) {
  const auto value = node.attributes().values().find("value");
  if (value == node.attributes().values().end()) return;
  const Tensor &input = node.input(0);
  const int64_t *stored = std::get_if<int64_t>(&value->second);
  const Interval range = stored_range(input.type);
  const bool fits = input.type == ElementType::float32
                        ? std::holds_alternative<double>(value->second)
                        : stored != nullptr && *stored >= range.low && *stored <= range.high;
  if (!fits)
    throw UserError({node.place(), fmt::format("a padding value that is no {}", name_of(input.type)),
                     "a number of the data's type", "the model file may be damaged"});
}

std::vector<TensorType> infer(const NodeView &node) {
  const Tensor &input = node.input(0);
  const std::vector<int64_t> padding = node.attributes().integers("padding");
  const auto refuse = [&](const std::string &found) {
    throw UserError({node.place(), found, fmt::format("two numbers from 0 to {} an axis", largest_padding),
                     "the model file may be damaged"});
  };
  if (padding.size() != 2 * input.shape.size())
    refuse(fmt::format("{} paddings for an input {}", padding.size(), text_of(input.shape)));
  for (int64_t count : padding)
    if (count < 0 || count > largest_padding) refuse(fmt::format("a padding of {}", count));
  check_value(node);
  Shape shape = input.shape;
  for (size_t axis = 0; axis < shape.size(); ++axis) shape[axis] += padding[2 * axis] + padding[2 * axis + 1];
  return {{input.type, shape}};
}

// The input in memory order with the output's strides. Both have one layout.
std::vector<StridedAxis> pad_box(const NodeView &node) {
  const std::vector<int64_t> strides = strides_of(node.output());
  std::vector<StridedAxis> axes;
  for (size_t axis : axes_in_memory(node.input(0))) axes.push_back({node.input(0).shape[axis], {strides[axis]}});
  return merge_axes(axes, 1);
}

template <typename T>
Bytes value_bytes(const NodeView &node) {
  if (node.input(0).type == ElementType::float32)
    return bytes_of<T>({static_cast<T>(node.attributes().real("value"))});
  return bytes_of<T>({static_cast<T>(padding_value(node))});
}

template <ElementType type>
bool fits(const NodeView &node) {
  return node.input(0).type == type && walkable(pad_box(node));
}

template <typename T>
KernelCall call(const NodeView &node) {
  const std::vector<int64_t> strides = strides_of(node.output());
  const std::vector<AxisPadding> padding = padding_of(node);
  int64_t begin = 0;
  for (size_t axis = 0; axis < padding.size(); ++axis) begin += padding[axis].begin * strides[axis];
  const PadParameters parameters{static_cast<int32_t>(node.output().elements()), static_cast<int32_t>(begin)};
  return {.function = fmt::format("pad<{}>", c_type_of(node.input(0).type)),
          .parameters = parameters_from(parameters),
          .constants = {box_constant(pad_box(node)), {"value", node.input(0).type, value_bytes<T>(node)}},
          .arguments = {parameters_argument(), constant_argument(0), constant_argument(1), input_argument(0),
                        output_argument()}};
}

ChannelFlow flow(const NodeView &node) {
  const std::vector<AxisPadding> padding = padding_of(node);
  const bool stay = !padding.empty() && padding.back().begin == 0 && padding.back().end == 0;
  return stay ? ChannelFlow::monotone : ChannelFlow::mixed;
}

Cost cost(const NodeView &node) {
  return {.cycles = 3 * static_cast<double>(node.output().elements()) + 6 * static_cast<double>(node.input(0).elements())};
}

template <ElementType type, typename T>
constexpr Kernel kernel(std::string_view name) {
  return {.name = name, .header = "ops/pad/pad.kernel.hpp", .fits = fits<type>, .call = call<T>,
          .host = host_call<pad<T>>, .cost = cost, .layouts = any_same_layout};
}

constexpr Kernel kernels[] = {
    WHIT_KERNEL_OF_EACH_TYPE(kernel, "pad"),
};

template <ElementType type>
Graph random_pad(std::mt19937 &random) {
  RandomGraphBuilder build(random, "pad");
  const TensorId data = build.input(type, {1, build.between(1, 5), build.between(1, 5), build.between(1, 5)});
  std::vector<int64_t> padding;
  for (int number = 0; number < 8; ++number) padding.push_back(build.between(0, 2));
  return build.finish({data}, {{"padding", padding}});
}

constexpr AttributeRules<3> attributes{
    {{"padding", AttributeKind::integers}, {"value", AttributeKind::integer}, {"value", AttributeKind::real}}};
constexpr RandomGraph random_graphs[] = {WHIT_GRAPH_OF_EACH_TYPE(random_pad)};

}  // namespace

std::vector<AxisPadding> padding_of(const NodeView &node) {
  const std::vector<int64_t> numbers = node.attributes().integers("padding");
  std::vector<AxisPadding> padding;
  for (size_t index = 0; index + 1 < numbers.size(); index += 2) padding.push_back({numbers[index], numbers[index + 1]});
  return padding;
}

int64_t padding_value(const NodeView &node) {
  return node.attributes().integer("value", node.output().quantization.zero_point());
}

extern const OpDef pad_op;
constinit const OpDef pad_op =
    complete({.name = "pad", .summary = "a border of one value", .attributes = attributes, .infer = infer, .kernels = kernels,
              .random_graphs = random_graphs, .channel_flow = flow,
              .limits = "every type but int4; at most six axes after merging"});

}  // namespace whit
