// SPDX-License-Identifier: Apache-2.0
// slice and broadcast_to, portable: the output is written in order, the input read by strides from `begin` on; a stride
// may be 0 (repeated) or negative (backwards).
#ifndef WHIT_OPS_SLICE_KERNEL_HPP
#define WHIT_OPS_SLICE_KERNEL_HPP

#include "device/core/strided.hpp"

namespace whit {

#define WHIT_SLICE_FIELDS(FIELD) FIELD(int32_t, begin)
WHIT_PARAMETERS(SliceParameters, WHIT_SLICE_FIELDS)

// `box`: the output in memory order, with the input's stride along each axis.
template <typename T>
WHIT_KERNEL void slice(const SliceParameters *parameters, const int32_t *box, const T *input, T *output) {
  WHIT_LOAD_PARAMETERS(SliceParameters, p, parameters);
  StridedWalk<1> walk(box);
  const int32_t length = walk.row_length(), step = walk.row_stride(0);
  do {
    const T *in = input + p.begin + walk.offset(0);
    for (int32_t i = 0; i < length; ++i, in += step) *output++ = *in;
  } while (walk.next_row());
}

}  // namespace whit

#endif
