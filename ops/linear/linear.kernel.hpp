// SPDX-License-Identifier: Apache-2.0
// linear, portable: one product after the other.
#ifndef WHIT_OPS_LINEAR_KERNEL_HPP
#define WHIT_OPS_LINEAR_KERNEL_HPP

#include "device/core/linear.hpp"

namespace whit {

struct LinearProducts {
  template <typename Sum, typename Element, typename Weight>
  WHIT_INLINE Sum sum(const Element *data, const Weight *weights, Sum sum, int16_t features) {
    for (int16_t feature = 0; feature < features; ++feature)
      sum += static_cast<Sum>(data[feature]) * static_cast<Sum>(load(weights + feature));
    return sum;
  }
};

}  // namespace whit

#endif
