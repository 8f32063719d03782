// SPDX-License-Identifier: Apache-2.0
// The transpose operator: output axis i is input axis permutation[i] (attribute "permutation").
#define WHIT_HOST
#include <algorithm>
#include <numeric>

#include "ops/copy/move_rows.hpp"
#include "ops/each_type.hpp"
#include "ops/random_graph.hpp"
#include "ops/transpose/transpose.kernel.hpp"

namespace whit {

namespace {

bool is_permutation_of(std::vector<int64_t> permutation, size_t axes) {
  std::sort(permutation.begin(), permutation.end());
  for (size_t axis = 0; axis < permutation.size(); ++axis)
    if (permutation[axis] != static_cast<int64_t>(axis)) return false;
  return permutation.size() == axes;
}

std::vector<TensorType> infer(const NodeView &node) {
  const Tensor &input = node.input(0);
  const std::vector<int64_t> permutation = node.attributes().integers("permutation");
  if (!is_permutation_of(permutation, input.shape.size()))
    throw UserError({node.place(), fmt::format("axes {} for an input {}", text_of(permutation), text_of(input.shape)),
                     "each axis once", "the model file may be damaged"});
  Shape shape;
  for (int64_t axis : permutation) shape.push_back(input.shape[static_cast<size_t>(axis)]);
  return {{input.type, shape}};
}

// The output's axes in that order, with strides of the input.
std::vector<StridedAxis> box(const NodeView &node, const std::vector<size_t> &order,
                             const std::vector<int64_t> &strides) {
  const std::vector<int64_t> permutation = node.attributes().integers("permutation");
  std::vector<StridedAxis> axes;
  for (size_t axis : order)
    axes.push_back({node.output().shape[axis], {strides[static_cast<size_t>(permutation[axis])]}});
  return merge_axes(axes, 1);
}

std::vector<StridedAxis> transpose_box(const NodeView &node) {
  return box(node, axes_in_memory(node.output()), strides_of(node.input(0)));
}

Reading transpose_reading(const NodeView &node) { return {0, transpose_box(node)}; }

// With both tensors channel_last, only axes of length 1 change their places.
bool fits_view(const NodeView &node) {
  Tensor input = node.input(0);
  input.layout = Layout::channel_last;
  std::vector<size_t> order(input.shape.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const std::vector<StridedAxis> merged = box(node, order, strides_of(input));
  return merged.size() == 1 && merged[0].strides[0] == 1;
}

template <ElementType type>
bool fits(const NodeView &node) {
  return node.input(0).type == type && walkable(transpose_box(node));
}

KernelCall call(const NodeView &node) {
  return {.function = fmt::format("transpose<{}>", c_type_of(node.input(0).type)),
          .constants = {box_constant(transpose_box(node))},
          .arguments = {constant_argument(0), input_argument(0), output_argument()}};
}

ChannelFlow flow(const NodeView &node) {
  const std::vector<int64_t> permutation = node.attributes().integers("permutation");
  const bool stay = !permutation.empty() && permutation.back() + 1 == static_cast<int64_t>(permutation.size());
  return stay ? ChannelFlow::monotone : ChannelFlow::mixed;
}

Cost no_cost(const NodeView &) { return {}; }
Cost cost(const NodeView &node) { return {.cycles = 8 * static_cast<double>(node.output().elements())}; }

template <ElementType type, typename T>
constexpr Kernel kernel(std::string_view name) {
  return {.name = name, .header = "ops/transpose/transpose.kernel.hpp", .fits = fits<type>, .call = call,
          .host = host_call<transpose<T>>, .cost = cost, .layouts = each_layout};
}

constexpr Kernel kernels[] = {
    {.name = "transpose_view", .fits = fits_view, .cost = no_cost, .view = true},
    WHIT_KERNEL_OF_EACH_TYPE(kernel, "transpose"),
    move_rows_kernel<transpose_reading>("transpose_rows"),
};

template <ElementType type>
Graph random_transpose(std::mt19937 &random) {
  RandomGraphBuilder build(random, "transpose");
  Shape shape(static_cast<size_t>(build.between(1, 5)));
  for (int64_t &axis : shape) axis = build.between(1, 5);
  std::vector<int64_t> permutation(shape.size());
  std::iota(permutation.begin(), permutation.end(), 0);
  std::shuffle(permutation.begin(), permutation.end(), random);
  const TensorId data = build.input(type, shape);
  return build.finish({data}, {{"permutation", permutation}});
}

constexpr AttributeRules<1> attributes{{{"permutation", AttributeKind::integers}}};
constexpr RandomGraph random_graphs[] = {WHIT_GRAPH_OF_EACH_TYPE(random_transpose)};

}  // namespace

extern const OpDef transpose_op;
constinit const OpDef transpose_op =
    complete({.name = "transpose", .summary = "axes in another order", .attributes = attributes, .infer = infer, .kernels = kernels,
              .random_graphs = random_graphs, .channel_flow = flow,
              .limits = "every type but int4; at most six axes after merging"});

}  // namespace whit
