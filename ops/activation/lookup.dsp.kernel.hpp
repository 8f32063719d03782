// SPDX-License-Identifier: Apache-2.0
// Any function of one byte for cores with DSP instructions: four at a time from a word, through the table of the portable
// kernel.
#ifndef WHIT_OPS_ACTIVATION_LOOKUP_DSP_KERNEL_HPP
#define WHIT_OPS_ACTIVATION_LOOKUP_DSP_KERNEL_HPP

#include "device/core/instructions.dsp.hpp"

namespace whit {

#define WHIT_LOOKUP_DSP_FIELDS(FIELD) FIELD(int32_t, count)
WHIT_PARAMETERS(LookupDspParameters, WHIT_LOOKUP_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

WHIT_INLINE uint32_t looked_up(const uint8_t *table, uint32_t bytes) {
  const uint32_t first = table[bytes & 0xFFU], second = table[(bytes >> 8) & 0xFFU];
  const uint32_t third = table[(bytes >> 16) & 0xFFU], fourth = table[bytes >> 24];
  return first | second << 8 | third << 16 | fourth << 24;
}

WHIT_KERNEL void lookup_dsp(const LookupDspParameters *parameters, const uint8_t *table, const void *input, void *output) {
  const uint8_t *in = static_cast<const uint8_t *>(input);
  uint8_t *out = static_cast<uint8_t *>(output);
  int32_t left = parameters->count;
  for (; left >= 8; left -= 8, in += 8, out += 8) {
    const uint32_t low = load_word(in), high = load_word(in + 4);
    store_word(out, looked_up(table, low));
    store_word(out + 4, looked_up(table, high));
  }
  for (; left > 0; --left) *out++ = table[*in++];
}

#endif

}  // namespace whit

#endif
