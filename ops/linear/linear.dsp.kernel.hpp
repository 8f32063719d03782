// SPDX-License-Identifier: Apache-2.0
// linear for cores with DSP instructions: two products an instruction. Rows may begin anywhere: these cores read words from there.
// Bytes are widened, 0 and 2 into a pair, 1 and 3 into another. So where 8-bit features or weights meet 16-bit ones, the middle two of each four
// weights stand exchanged.
#ifndef WHIT_OPS_LINEAR_DSP_KERNEL_HPP
#define WHIT_OPS_LINEAR_DSP_KERNEL_HPP

#include "device/core/instructions.dsp.hpp"
#include "device/core/linear.hpp"

namespace whit {

#if defined(__ARM_FEATURE_DSP)

struct LinearProductsDsp {
  WHIT_INLINE uint32_t even(const int8_t *bytes) { return widen_even(load_word(bytes)); }
  WHIT_INLINE uint32_t odd(const int8_t *bytes) { return widen_odd(load_word(bytes)); }
  WHIT_INLINE uint32_t even(const uint8_t *bytes) { return widen_even_unsigned(load_word(bytes)); }
  WHIT_INLINE uint32_t odd(const uint8_t *bytes) { return widen_odd_unsigned(load_word(bytes)); }
  WHIT_INLINE uint32_t even(const int16_t *values) { return load_word(values); }
  WHIT_INLINE uint32_t odd(const int16_t *values) { return load_word(values + 2); }

  template <typename Sum, typename Element, typename Weight>
  WHIT_INLINE int32_t sum(const Element *data, const Weight *weights, Sum sum, int16_t features) {
#pragma GCC unroll 8
    for (int16_t fours = static_cast<int16_t>(features / 4); fours != 0; --fours, data += 4, weights += 4) {
      __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(even(data)), "r"(even(weights)));
      __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(odd(data)), "r"(odd(weights)));
    }
    for (int16_t left = features & 3; left != 0; --left) sum += *data++ * static_cast<int32_t>(*weights++);
    return sum;
  }
};

#endif

}  // namespace whit

#endif
