// SPDX-License-Identifier: Apache-2.0
// Values widened to 16 bits once, for kernels whose rows of weights all meet them: by fours, in the order 0 2 1 3, which
// is what the instructions give.
#ifndef WHIT_DEVICE_CORE_WIDEN_DSP_HPP
#define WHIT_DEVICE_CORE_WIDEN_DSP_HPP

#include "device/core/instructions.dsp.hpp"

#if defined(__ARM_FEATURE_DSP)

namespace whit {

// Widens the values; the last four are filled up with zeros.
WHIT_INLINE void widen_values(uint32_t *to, const int8_t *from, int32_t count) {
  for (; count >= 4; count -= 4, from += 4, to += 2) {
    const uint32_t bytes = load_word(from);
    to[0] = widen_even(bytes);
    to[1] = widen_odd(bytes);
  }
  if (count == 0) return;
  uint32_t bytes = 0;
  for (int32_t index = 0; index < count; ++index)
    bytes |= static_cast<uint32_t>(static_cast<uint8_t>(from[index])) << (8 * index);
  to[0] = widen_even(bytes);
  to[1] = widen_odd(bytes);
}

}  // namespace whit

#endif
#endif
