// SPDX-License-Identifier: Apache-2.0
// From a bounded accumulator to a coarser scale: docs/semantics.md, "Requantisation", in one multiplication with rounding
// and one shift.
#ifndef WHIT_DEVICE_CORE_REQUANTIZE_DSP_HPP
#define WHIT_DEVICE_CORE_REQUANTIZE_DSP_HPP

#include "device/core/instructions.dsp.hpp"

#if defined(__ARM_FEATURE_DSP)

namespace whit {

// What `requantize` gives for values of less than 2^30 in size and a shift of -1 and less.
WHIT_INLINE int32_t requantize_down(int32_t value, int32_t multiplier, int32_t shift) {
  const int32_t high = multiply_high(value * 2, multiplier), right = -shift;
  return (high + (int32_t{1} << (right - 1)) + (high >> 31)) >> right;
}

}  // namespace whit

#endif
#endif
