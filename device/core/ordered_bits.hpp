// SPDX-License-Identifier: Apache-2.0
// Features as integers that compare as the features do, so that no float is ever compared.
#ifndef WHIT_DEVICE_CORE_ORDERED_BITS_HPP
#define WHIT_DEVICE_CORE_ORDERED_BITS_HPP

#include "device/core/core.hpp"

namespace whit {

// IEEE 754 numbers are sign and magnitude: with the magnitude of negative ones turned they are in the order of two's
// complement. -0 comes just below 0. A missing value (not a number) is above all numbers, or below them.
WHIT_INLINE int32_t tree_key(float value, int missing_below) {
  int32_t bits;
  memcpy(&bits, &value, sizeof bits);
  if ((bits & 0x7FFFFFFF) > 0x7F800000) return missing_below ? -0x7FFFFFFF - 1 : 0x7FFFFFFF;
  return bits < 0 ? bits ^ 0x7FFFFFFF : bits;
}

WHIT_INLINE int8_t tree_key(int8_t value, int) { return value; }
WHIT_INLINE uint8_t tree_key(uint8_t value, int) { return value; }
WHIT_INLINE int16_t tree_key(int16_t value, int) { return value; }

}  // namespace whit

#endif
