// SPDX-License-Identifier: Apache-2.0
// select, portable: out[i] = condition[i] ? first[i] : second[i], the three broadcast against each other.
#ifndef WHIT_OPS_SELECT_KERNEL_HPP
#define WHIT_OPS_SELECT_KERNEL_HPP

#include "device/core/source.hpp"
#include "device/core/strided.hpp"

namespace whit {

// `box`: the output in memory order, with the strides of condition, first and second.
template <typename T, typename Condition, typename First, typename Second>
WHIT_KERNEL void select(const int32_t *box, const uint8_t *condition, const T *first, const T *second, T *output) {
  StridedWalk<3> walk(box);
  const int32_t length = walk.row_length();
  do {
    const uint8_t *c = condition + walk.offset(0);
    const T *a = first + walk.offset(1), *b = second + walk.offset(2);
    for (int32_t i = 0; i < length; ++i) {
      *output++ = Condition::read(c) != 0 ? First::read(a) : Second::read(b);
      c += walk.row_stride(0);
      a += walk.row_stride(1);
      b += walk.row_stride(2);
    }
  } while (walk.next_row());
}

}  // namespace whit

#endif
