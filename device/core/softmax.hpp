// SPDX-License-Identifier: Apache-2.0
// What the kernels of softmax on int8 share: a row's largest value, and the fixed point in which exponentials are summed.
#ifndef WHIT_DEVICE_CORE_SOFTMAX_HPP
#define WHIT_DEVICE_CORE_SOFTMAX_HPP

#include "device/core/fixed_point.hpp"

namespace whit {

enum { softmax_input_fraction_bits = 26, softmax_sum_integer_bits = 12 };

template <typename Element>
WHIT_INLINE Element largest_of(const Element *values, ptrdiff_t count) {
  Element largest = values[0];
  for (ptrdiff_t i = 1; i < count; ++i)
    if (values[i] > largest) largest = values[i];
  return largest;
}

}  // namespace whit

#endif
