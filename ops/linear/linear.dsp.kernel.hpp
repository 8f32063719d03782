// SPDX-License-Identifier: Apache-2.0
// linear for cores with DSP instructions: 16-bit features and weights, two products an instruction. Rows may begin at
// any half-word: these cores read words from there.
#ifndef WHIT_OPS_LINEAR_DSP_KERNEL_HPP
#define WHIT_OPS_LINEAR_DSP_KERNEL_HPP

#include "device/core/instructions.dsp.hpp"
#include "device/core/linear.hpp"

namespace whit {

#if defined(__ARM_FEATURE_DSP)

struct LinearProductsDsp {
  template <typename Sum>
  WHIT_INLINE int32_t sum(const int16_t *data, const int16_t *weights, int32_t sum, int16_t features) {
#pragma GCC unroll 8
    for (int16_t fours = static_cast<int16_t>(features / 4); fours != 0; --fours, data += 4, weights += 4) {
      const uint32_t first = load_word(data), second = load_word(data + 2);
      const uint32_t first_weights = load_word(weights), second_weights = load_word(weights + 2);
      __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(first), "r"(first_weights));
      __asm__("smlad %0, %1, %2, %0" : "+r"(sum) : "r"(second), "r"(second_weights));
    }
    for (int16_t left = features & 3; left != 0; --left) sum += *data++ * static_cast<int32_t>(*weights++);
    return sum;
  }
};

#endif

}  // namespace whit

#endif
