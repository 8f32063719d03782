// SPDX-License-Identifier: Apache-2.0
// Where an operand lies: a tensor in memory, or a constant, which on some chips is in another address space.
#ifndef WHIT_DEVICE_CORE_SOURCE_HPP
#define WHIT_DEVICE_CORE_SOURCE_HPP

#include "device/core/core.hpp"

namespace whit {

struct FromMemory {
  template <typename T>
  WHIT_INLINE T read(const T *element) { return *element; }
};

struct FromConstant {
  template <typename T>
  WHIT_INLINE T read(const T *element) { return load(element); }
};

}  // namespace whit

#endif
