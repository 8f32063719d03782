// SPDX-License-Identifier: Apache-2.0
// transpose, portable: the output is written in order, the input read by strides.
#ifndef WHIT_OPS_TRANSPOSE_KERNEL_HPP
#define WHIT_OPS_TRANSPOSE_KERNEL_HPP

#include "device/core/strided.hpp"

namespace whit {

// `box`: the output in memory order, with the input's stride along each axis.
template <typename T>
WHIT_KERNEL void transpose(const int32_t *box, const T *input, T *output) {
  StridedWalk<1> walk(box);
  const int32_t length = walk.row_length(), step = walk.row_stride(0);
  do {
    const T *in = input + walk.offset(0);
    for (int32_t i = 0; i < length; ++i, in += step) *output++ = *in;
  } while (walk.next_row());
}

}  // namespace whit

#endif
