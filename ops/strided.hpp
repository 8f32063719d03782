// SPDX-License-Identifier: Apache-2.0
// How tensors lie in memory, as strides, and the boxes that device/core/strided.hpp walks.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "compiler/ir/graph.hpp"
#include "ops/kernel.hpp"

namespace whit {

// The layout a tensor's bytes have: constants and all but four-dimensional tensors are always channel_last.
Layout layout_in_memory(const Tensor &tensor);
// The logical axes from outermost to innermost, as they lie in memory.
std::vector<size_t> axes_in_memory(const Tensor &tensor);
// Elements from one position to the next along each logical axis.
std::vector<int64_t> strides_of(const Tensor &tensor);
// A constant's bytes in that layout.
Bytes bytes_in_layout(const Tensor &constant, Layout layout);

// Those of the choices under which that holds of the node.
std::vector<LayoutChoice> choices_where(const NodeView &node, const std::vector<LayoutChoice> &choices,
                                        const std::function<bool(const NodeView &)> &holds);

// One axis of a box, and how far each operand steps along it, in elements.
struct StridedAxis {
  int64_t extent = 1;
  std::vector<int64_t> strides{};
  bool operator==(const StridedAxis &) const = default;
};

// The same box with as few axes as possible (at least one): axes of length 1 go, and an axis joins its inner neighbour
// where each operand steps evenly over both. Outermost first; each axis has `operands` strides.
std::vector<StridedAxis> merge_axes(const std::vector<StridedAxis> &axes, size_t operands);
// Whether the device can walk it.
bool walkable(const std::vector<StridedAxis> &merged);
// The list that StridedWalk reads.
KernelConstant box_constant(const std::vector<StridedAxis> &merged);

}  // namespace whit
