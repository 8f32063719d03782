// SPDX-License-Identifier: Apache-2.0
// slice: attributes "begin", "size" and "stride" (each axis; no "stride" means 1 everywhere, negative ones run
// backwards). broadcast_to: attribute "shape". Both read the input by strides.
#define WHIT_HOST
#include "ops/slice/slice.kernel.hpp"

#include "ops/copy/move_rows.hpp"
#include "ops/each_type.hpp"
#include "ops/random_graph.hpp"

namespace whit {

namespace {

std::vector<int64_t> strides_asked(const NodeView &node) {
  std::vector<int64_t> strides = node.attributes().integers("stride");
  if (strides.empty()) strides.assign(node.input(0).shape.size(), 1);
  return strides;
}

bool axis_fits(int64_t length, int64_t begin, int64_t size, int64_t stride) {
  if (begin < 0 || begin >= length || size < 1 || size > length || stride == 0) return false;
  const int64_t room = stride > 0 ? length - 1 - begin : begin;
  return size == 1 || (std::abs(stride) <= room && (size - 1) * std::abs(stride) <= room);
}

std::vector<TensorType> infer_slice(const NodeView &node) {
  const Shape &input = node.input(0).shape;
  const std::vector<int64_t> begin = node.attributes().integers("begin"), size = node.attributes().integers("size"),
                             stride = strides_asked(node);
  bool fits = begin.size() == input.size() && size.size() == input.size() && stride.size() == input.size();
  for (size_t axis = 0; fits && axis < input.size(); ++axis)
    fits = stride[axis] > -input[axis] - 1 && axis_fits(input[axis], begin[axis], size[axis], stride[axis]);
  if (!fits)
    throw UserError({node.place(),
                     fmt::format("takes {} from {} by steps of {} out of an input {}", text_of(size), text_of(begin),
                                 text_of(stride), text_of(input)),
                     "slices that lie within the input and hold a value at least", "the model file may be damaged"});
  return {{node.input(0).type, size}};
}

std::vector<TensorType> infer_broadcast(const NodeView &node) {
  const Shape &input = node.input(0).shape, shape = node.attributes().integers("shape");
  bool fits = shape.size() >= input.size();
  for (size_t axis = 0; fits && axis < shape.size(); ++axis) fits = shape[axis] >= 1;
  for (size_t axis = 0; fits && axis < input.size(); ++axis)
    fits = input[axis] == 1 || input[axis] == shape[axis + shape.size() - input.size()];
  if (!fits)
    throw UserError({node.place(), fmt::format("repeats {} to {}", text_of(input), text_of(shape)),
                     "axes that are equal, or 1 in the input, from the last", "the model file may be damaged"});
  return {{node.input(0).type, shape}};
}

Reading slice_reading(const NodeView &node) {
  const std::vector<int64_t> begin = node.attributes().integers("begin"), stride = strides_asked(node);
  const std::vector<int64_t> strides = strides_of(node.input(0));
  Reading reading;
  std::vector<StridedAxis> axes;
  for (size_t axis : axes_in_memory(node.output())) {
    reading.begin += begin[axis] * strides[axis];
    axes.push_back({node.output().shape[axis], {stride[axis] * strides[axis]}});
  }
  reading.box = merge_axes(axes, 1);
  return reading;
}

Reading broadcast_reading(const NodeView &node) {
  const Tensor &input = node.input(0);
  const size_t missing = node.output().shape.size() - input.shape.size();
  std::vector<StridedAxis> axes;
  for (size_t axis : axes_in_memory(node.output())) {
    const bool repeated = axis < missing || input.shape[axis - missing] == 1;
    axes.push_back({node.output().shape[axis], {repeated ? 0 : strides_of(input)[axis - missing]}});
  }
  return {0, merge_axes(axes, 1)};
}

template <ElementType type, ReadingOf reading>
bool fits(const NodeView &node) {
  return node.input(0).type == type && walkable(reading(node).box);
}

template <ReadingOf reading_of>
KernelCall call(const NodeView &node) {
  const Reading reading = reading_of(node);
  return {.function = fmt::format("slice<{}>", c_type_of(node.input(0).type)),
          .parameters = parameters_from(SliceParameters{static_cast<int32_t>(reading.begin)}),
          .constants = {box_constant(reading.box)},
          .arguments = {parameters_argument(), constant_argument(0), input_argument(0), output_argument()}};
}

// Reading never falls behind writing where a slice runs forwards in one order on both sides.
std::vector<Overlap> slice_overlap(const NodeView &node) {
  for (int64_t stride : strides_asked(node))
    if (stride < 0) return {};
  if (axes_in_memory(node.input(0)) != axes_in_memory(node.output())) return {};
  return {{.input = 0, .at_most = 0}};
}

Cost cost(const NodeView &node) { return {.cycles = 8 * static_cast<double>(node.output().elements())}; }

template <ElementType type, typename T>
constexpr Kernel slice_kernel(std::string_view name) {
  return {.name = name, .header = "ops/slice/slice.kernel.hpp", .fits = fits<type, slice_reading>,
          .call = call<slice_reading>, .host = host_call<slice<T>>, .cost = cost, .layouts = each_layout,
          .overlap = slice_overlap};
}

template <ElementType type, typename T>
constexpr Kernel broadcast_kernel(std::string_view name) {
  return {.name = name, .header = "ops/slice/slice.kernel.hpp", .fits = fits<type, broadcast_reading>,
          .call = call<broadcast_reading>, .host = host_call<slice<T>>, .cost = cost, .layouts = each_layout};
}

constexpr Kernel slice_kernels[] = {WHIT_KERNEL_OF_EACH_TYPE(slice_kernel, "slice"),
                                    move_rows_kernel<slice_reading>("slice_rows", slice_overlap)};
constexpr Kernel broadcast_kernels[] = {WHIT_KERNEL_OF_EACH_TYPE(broadcast_kernel, "broadcast_to"),
                                        move_rows_kernel<broadcast_reading>("broadcast_to_rows")};

template <ElementType type>
Graph random_slice(std::mt19937 &random) {
  RandomGraphBuilder build(random, "slice");
  Shape shape(static_cast<size_t>(build.between(1, 5)));
  std::vector<int64_t> begin, size, stride;
  const bool stepped = build.between(0, 1) == 1;
  for (int64_t &length : shape) {
    length = build.between(1, 6);
    stride.push_back(stepped ? build.between(1, length) * (build.between(0, 2) == 0 ? -1 : 1) : 1);
    begin.push_back(build.between(0, length - 1));
    const int64_t room = stride.back() > 0 ? length - 1 - begin.back() : begin.back();
    size.push_back(1 + build.between(0, room / std::abs(stride.back())));
  }
  Attributes attributes{{"begin", begin}, {"size", size}};
  if (stepped) attributes.set("stride", stride);
  return build.finish({build.input(type, shape)}, attributes);
}

template <ElementType type>
Graph random_broadcast(std::mt19937 &random) {
  RandomGraphBuilder build(random, "broadcast_to");
  Shape shape(static_cast<size_t>(build.between(1, 5)));
  for (int64_t &length : shape) length = build.between(1, 4);
  Shape input(shape.begin() + build.between(0, static_cast<int64_t>(shape.size()) - 1), shape.end());
  for (int64_t &length : input)
    if (build.between(0, 1) == 1) length = 1;
  return build.finish({build.input(type, input)}, {{"shape", shape}});
}

constexpr RandomGraph slice_graphs[] = {WHIT_GRAPH_OF_EACH_TYPE(random_slice)};
constexpr RandomGraph broadcast_graphs[] = {WHIT_GRAPH_OF_EACH_TYPE(random_broadcast)};
constexpr AttributeRules<3> slice_attributes{
    {{"begin", AttributeKind::integers}, {"size", AttributeKind::integers}, {"stride", AttributeKind::integers}}};
constexpr AttributeRules<1> broadcast_attributes{{{"shape", AttributeKind::integers}}};
constexpr std::string_view limits = "every type but int4; at most six axes after merging";

}  // namespace

extern const OpDef slice_op, broadcast_to_op;
constinit const OpDef slice_op =
    complete({.name = "slice", .summary = "part of a tensor, by steps, forwards or backwards",
              .attributes = slice_attributes, .infer = infer_slice, .kernels = slice_kernels,
              .random_graphs = slice_graphs, .limits = limits});
constinit const OpDef broadcast_to_op =
    complete({.name = "broadcast_to", .summary = "repeated along axes of length 1", .attributes = broadcast_attributes,
              .infer = infer_broadcast, .kernels = broadcast_kernels, .random_graphs = broadcast_graphs,
              .limits = limits});

}  // namespace whit
