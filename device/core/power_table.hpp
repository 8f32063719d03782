// SPDX-License-Identifier: Apache-2.0
// Powers of two with a negative exponent, from a table of 32 and one correction: docs/semantics.md, "kernel_machine".
#ifndef WHIT_DEVICE_CORE_POWER_TABLE_HPP
#define WHIT_DEVICE_CORE_POWER_TABLE_HPP

#include "device/core/core.hpp"

namespace whit {

// 2^(-exponent / 1024) in 1/32768ths, within 3 of them; 0 from 16 octaves on. Between entries 1 - 44 e / 65536 stands
// for 2^(-e / 1024).
WHIT_KERNEL int32_t two_to_minus(uint32_t exponent) {
  static const uint16_t powers[] WHIT_CONSTANT = {
      32768, 32066, 31379, 30706, 30048, 29405, 28774, 28158, 27554, 26964, 26386, 25821, 25268, 24726, 24196, 23678,
      23170, 22674, 22188, 21713, 21247, 20792, 20347, 19911, 19484, 19066, 18658, 18258, 17867, 17484, 17109, 16743};
  if (exponent >= (uint32_t{16} << 10)) return 0;
  const uint32_t power = load(powers + ((exponent >> 5) & 31U));
  const uint32_t between = (power * (65536U - 44U * (exponent & 31U))) >> 16;
  return static_cast<int32_t>(between >> (exponent >> 10));
}

}  // namespace whit

#endif
