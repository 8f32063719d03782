// SPDX-License-Identifier: Apache-2.0
// Strides from shapes and layouts, and merging of axes.
#include "ops/strided.hpp"

#include <limits>

#include "device/core/strided.hpp"

namespace whit {

namespace {

// Whether stepping once along `outer` equals running through all of `inner`, for each operand.
bool joins(const StridedAxis &outer, const StridedAxis &inner) {
  for (size_t operand = 0; operand < outer.strides.size(); ++operand)
    if (outer.strides[operand] != inner.strides[operand] * inner.extent) return false;
  return true;
}

}  // namespace

Layout layout_in_memory(const Tensor &tensor) {
  return tensor.is_constant() || tensor.shape.size() != 4 ? Layout::channel_last : tensor.layout;
}

std::vector<size_t> axes_in_memory(const Tensor &tensor) {
  if (layout_in_memory(tensor) == Layout::planar) return {0, 3, 1, 2};
  std::vector<size_t> axes(tensor.shape.size());
  for (size_t axis = 0; axis < axes.size(); ++axis) axes[axis] = axis;
  return axes;
}

std::vector<int64_t> strides_of(const Tensor &tensor) {
  const std::vector<size_t> axes = axes_in_memory(tensor);
  std::vector<int64_t> strides(axes.size());
  int64_t stride = 1;
  for (size_t place = axes.size(); place-- > 0;) {
    strides[axes[place]] = stride;
    stride *= tensor.shape[axes[place]];
  }
  return strides;
}

Bytes bytes_in_layout(const Tensor &constant, Layout layout) {
  const Bytes &bytes = *constant.constant;
  if (layout == Layout::channel_last || layouts_coincide(constant.shape)) return bytes;
  const auto width = static_cast<size_t>(bits_of(constant.type) / 8);
  const auto batches = static_cast<size_t>(constant.shape[0]), channels = static_cast<size_t>(constant.shape[3]);
  const size_t pixels = bytes.size() / (batches * channels * width);
  Bytes planar;
  planar.reserve(bytes.size());
  for (size_t batch = 0; batch < batches; ++batch)
    for (size_t channel = 0; channel < channels; ++channel)
      for (size_t pixel = 0; pixel < pixels; ++pixel) {
        const auto *from = bytes.data() + ((batch * pixels + pixel) * channels + channel) * width;
        planar.insert(planar.end(), from, from + width);
      }
  return planar;
}

std::vector<LayoutChoice> choices_where(const NodeView &node, const std::vector<LayoutChoice> &choices,
                                        const std::function<bool(const NodeView &)> &holds) {
  std::vector<LayoutChoice> result;
  for (const LayoutChoice &choice : choices) {
    Graph graph = node.graph();
    const auto give = [&](const std::vector<TensorId> &tensors, const std::vector<Layout> &layouts) {
      for (size_t index = 0; index < std::min(tensors.size(), layouts.size()); ++index)
        if (tensors[index] != no_tensor) graph.tensor(tensors[index]).layout = layouts[index];
    };
    give(node.node().inputs, choice.inputs);
    give(node.node().outputs, choice.outputs);
    if (holds(NodeView(graph, node.node()))) result.push_back(choice);
  }
  return result;
}

std::vector<StridedAxis> merge_axes(const std::vector<StridedAxis> &axes, size_t operands) {
  std::vector<StridedAxis> merged;
  for (const StridedAxis &axis : axes) {
    if (axis.extent == 1) continue;
    if (!merged.empty() && joins(merged.back(), axis))
      merged.back() = {merged.back().extent * axis.extent, axis.strides};
    else
      merged.push_back(axis);
  }
  if (merged.empty()) merged.push_back({1, std::vector<int64_t>(operands, 1)});
  return merged;
}

bool walkable(const std::vector<StridedAxis> &merged) { return merged.size() <= strided_axes_limit; }

KernelConstant box_constant(const std::vector<StridedAxis> &merged) {
  internal_check(walkable(merged), "{} axes are more than a device walks", merged.size());
  std::vector<int32_t> box = {static_cast<int32_t>(merged.size())};
  const auto add = [&](int64_t value) {
    internal_check(value <= std::numeric_limits<int32_t>::max(), "a stride of {} elements", value);
    box.push_back(static_cast<int32_t>(value));
  };
  for (const StridedAxis &axis : merged) {
    add(axis.extent);
    for (int64_t stride : axis.strides) add(stride);
  }
  return {"box", ElementType::int32, bytes_of(box)};
}

}  // namespace whit
