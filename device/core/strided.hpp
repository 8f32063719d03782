// SPDX-License-Identifier: Apache-2.0
// A walk over a box of elements, row by row, that keeps an element offset into each of several strided tensors.
//
// The box comes as a constant list of 32-bit numbers: the number of axes, then for each axis, outermost first, its
// extent and one stride an operand. The last axis is the row: the kernel loops over it itself. ops/strided.hpp builds
// the list, with neighbouring axes merged where every operand steps evenly over both.
#ifndef WHIT_DEVICE_CORE_STRIDED_HPP
#define WHIT_DEVICE_CORE_STRIDED_HPP

#include "device/core/core.hpp"

namespace whit {

enum { strided_axes_limit = 6 };  // after merging

// In a namespace of its own for each source file, as kernels are: models of different versions may share an image.
namespace {

template <int operands>
class StridedWalk {
 public:
  explicit StridedWalk(const int32_t *box)
      : axes_(box + 1), row_(static_cast<int8_t>(load(box) - 1)), offset_(), position_() {}

  int32_t row_length() const { return extent(row_); }
  int32_t row_stride(int operand) const { return stride(row_, operand); }
  int32_t offset(int operand) const { return offset_[operand]; }

  // Moves to the next row; false after the last.
  bool next_row() {
    for (int8_t axis = static_cast<int8_t>(row_ - 1); axis >= 0; --axis) {
      if (++position_[axis] < extent(axis)) {
        for (int operand = 0; operand < operands; ++operand) offset_[operand] += stride(axis, operand);
        return true;
      }
      position_[axis] = 0;
      for (int operand = 0; operand < operands; ++operand)
        offset_[operand] -= (extent(axis) - 1) * stride(axis, operand);
    }
    return false;
  }

 private:
  int32_t extent(int8_t axis) const { return load(axes_ + axis * (operands + 1)); }
  int32_t stride(int8_t axis, int operand) const { return load(axes_ + axis * (operands + 1) + 1 + operand); }

  const int32_t *axes_;
  int8_t row_;
  int32_t offset_[operands];
  int32_t position_[strided_axes_limit];
};

}  // namespace

}  // namespace whit

#endif
