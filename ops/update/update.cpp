// SPDX-License-Identifier: Apache-2.0
// The dynamic_update_slice operator: inputs data, update (of the data's type and number of axes) and begin (int32, one
// an axis).
#define WHIT_HOST
#include "ops/update/update.kernel.hpp"

#include "ops/each_type.hpp"
#include "ops/elementwise/pair.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

std::vector<TensorType> infer(const NodeView &node) {
  const Tensor &data = node.input(0), &update = node.input(1), &begin = node.input(2);
  bool fits = data.type == update.type && begin.type == ElementType::int32 && data.shape.size() == update.shape.size() &&
              begin.elements() == static_cast<int64_t>(data.shape.size());
  for (size_t axis = 0; fits && axis < data.shape.size(); ++axis) fits = update.shape[axis] <= data.shape[axis];
  if (!fits)
    throw UserError({node.place(),
                     fmt::format("{} {} updated by {} {} from {} {} on", name_of(data.type), text_of(data.shape),
                                 name_of(update.type), text_of(update.shape), name_of(begin.type), text_of(begin.shape)),
                     "an update within the data, of its type, and int32 begins, one an axis",
                     "the model file may be damaged"});
  return {{data.type, data.shape}};
}

std::vector<StridedAxis> update_box(const NodeView &node) {
  const std::vector<int64_t> strides = strides_of(node.input(0));
  std::vector<StridedAxis> axes;
  for (size_t axis = 0; axis < strides.size(); ++axis) axes.push_back({node.input(1).shape[axis], {strides[axis]}});
  return merge_axes(axes, 1);
}

template <ElementType type>
bool fits(const NodeView &node) {
  return node.input(0).type == type && walkable(update_box(node));
}

KernelCall call(const NodeView &node) {
  const Shape &data = node.input(0).shape, &update = node.input(1).shape;
  const std::vector<int64_t> strides = strides_of(node.input(0));
  std::vector<int32_t> limits;
  for (size_t axis = 0; axis < data.size(); ++axis) {
    limits.push_back(static_cast<int32_t>(data[axis] - update[axis]));
    limits.push_back(static_cast<int32_t>(strides[axis]));
  }
  if (limits.empty()) limits.push_back(0);
  const auto source = [&](size_t input) { return node.input(input).is_constant() ? "FromConstant" : "FromMemory"; };
  KernelCall call{.function = fmt::format("update_slice<{}, {}, {}, {}>", c_type_of(node.input(0).type), source(0),
                                          source(1), source(2)),
                  .parameters = parameters_from(UpdateParameters{static_cast<int32_t>(node.output().elements()),
                                                                 static_cast<int8_t>(data.size())}),
                  .constants = {{"limits", ElementType::int32, bytes_of(limits)}, box_constant(update_box(node))},
                  .arguments = {parameters_argument(), constant_argument(0), constant_argument(1)}};
  for (size_t input : {0, 1, 2})
    add_operand(call, node, input, node.input(input).is_constant() ? *node.input(input).constant : Bytes{});
  call.arguments.push_back(output_argument());
  return call;
}

// The copy runs forwards, before anything else is written.
std::vector<Overlap> overlap(const NodeView &node) {
  const std::vector<TensorId> &inputs = node.node().inputs;
  if (node.input(0).is_constant() || inputs[0] == inputs[1]) return {};
  return {{.input = 0, .at_most = 0}};
}

Cost cost(const NodeView &node) { return {.cycles = 6 * static_cast<double>(node.output().elements())}; }

template <ElementType type, typename T>
constexpr Kernel kernel(std::string_view name) {
  return {.name = name, .header = "ops/update/update.kernel.hpp", .fits = fits<type>, .call = call,
          .host = host_call<update_slice<T, FromMemory, FromMemory, FromMemory>>, .cost = cost, .overlap = overlap};
}

constexpr Kernel kernels[] = {WHIT_KERNEL_OF_EACH_TYPE(kernel, "dynamic_update_slice")};

template <ElementType type>
Graph random_update(std::mt19937 &random) {
  RandomGraphBuilder build(random, "dynamic_update_slice");
  Shape data(static_cast<size_t>(build.between(1, 4))), update;
  for (int64_t &length : data) {
    length = build.between(1, 5);
    update.push_back(build.between(1, length));
  }
  const TensorId whole = build.input(type, data), part = build.input(type, update);
  build.graph().tensor(part).quantization = build.graph().tensor(whole).quantization;
  return build.finish({whole, part, build.input(ElementType::int32, {static_cast<int64_t>(data.size())})}, {});
}

std::optional<Interval> begin_values(const NodeView &, size_t input) {
  return input == 2 ? std::optional(Interval{-2, 6}) : std::nullopt;
}

constexpr RandomGraph random_graphs[] = {WHIT_GRAPH_OF_EACH_TYPE(random_update)};
constexpr AttributeRules<0> attributes{};

}  // namespace

extern const OpDef dynamic_update_slice_op;
constinit const OpDef dynamic_update_slice_op =
    complete({.name = "dynamic_update_slice", .summary = "a copy with a part overwritten", .least_inputs = 3,
              .most_inputs = 3, .attributes = attributes, .infer = infer, .kernels = kernels,
              .input_values = begin_values, .random_graphs = random_graphs,
              .limits = "every type but int4; at most six axes after merging"});

}  // namespace whit
