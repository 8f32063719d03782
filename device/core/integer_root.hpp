// SPDX-License-Identifier: Apache-2.0
// The square root of a whole number.
#ifndef WHIT_DEVICE_CORE_INTEGER_ROOT_HPP
#define WHIT_DEVICE_CORE_INTEGER_ROOT_HPP

#include "device/core/core.hpp"

namespace whit {

// floor(sqrt(value)), bit by bit.
WHIT_KERNEL uint16_t integer_root(uint32_t value) {
  uint32_t root = 0;
  for (uint32_t bit = uint32_t{1} << 30; bit != 0; bit >>= 2) {
    const uint32_t trial = root + bit;
    root >>= 1;
    if (value < trial) continue;
    value -= trial;
    root += bit;
  }
  return static_cast<uint16_t>(root);
}

}  // namespace whit

#endif
