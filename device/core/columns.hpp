// SPDX-License-Identifier: Apache-2.0
// For convolutions that copy columns of their input (all values of one input column that a window sees) into scratch,
// where the windows of neighbouring pixels overlap.
#ifndef WHIT_DEVICE_CORE_COLUMNS_HPP
#define WHIT_DEVICE_CORE_COLUMNS_HPP

#include "device/core/core.hpp"

namespace whit {

// Moves `words` words to a lower place, over themselves if need be.
WHIT_INLINE void move_down(uint32_t *to, const uint32_t *from, int32_t words) {
  for (; words > 0; --words) *to++ = *from++;
}

}  // namespace whit

#endif
