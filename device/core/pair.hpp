// SPDX-License-Identifier: Apache-2.0
// One function of a pair of elements, applied to two tensors that broadcast against each other.
//
// An Operation names its Parameters, Element and Output, and has apply(parameters, first, second). Sources
// (device/core/source.hpp) tell tensors from constants.
#ifndef WHIT_DEVICE_CORE_PAIR_HPP
#define WHIT_DEVICE_CORE_PAIR_HPP

#include "device/core/source.hpp"
#include "device/core/strided.hpp"

namespace whit {

// Operands of the output's shape and layout.
template <typename Operation, typename First, typename Second>
WHIT_KERNEL void elementwise(const typename Operation::Parameters *parameters,
                             const typename Operation::Element *first, const typename Operation::Element *second,
                             typename Operation::Output *output) {
  WHIT_LOAD_PARAMETERS(typename Operation::Parameters, p, parameters);
  for (int32_t i = 0; i < p.count; ++i)
    output[i] = Operation::apply(p, First::read(first + i), Second::read(second + i));
}

// Operands that are repeated along some axes, or lie in another order: `box` has a stride of each along each axis of
// the output, which is written in memory order.
template <typename Operation, typename First, typename Second>
WHIT_KERNEL void elementwise_strided(const typename Operation::Parameters *parameters, const int32_t *box,
                                     const typename Operation::Element *first,
                                     const typename Operation::Element *second,
                                     typename Operation::Output *output) {
  WHIT_LOAD_PARAMETERS(typename Operation::Parameters, p, parameters);
  StridedWalk<2> walk(box);
  const int32_t length = walk.row_length(), first_step = walk.row_stride(0), second_step = walk.row_stride(1);
  do {
    const typename Operation::Element *a = first + walk.offset(0), *b = second + walk.offset(1);
    for (int32_t i = 0; i < length; ++i) {
      *output++ = Operation::apply(p, First::read(a), Second::read(b));
      a += first_step;
      b += second_step;
    }
  } while (walk.next_row());
}

}  // namespace whit

#endif
