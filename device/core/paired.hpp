// SPDX-License-Identifier: Apache-2.0
// Two values in one word, for cores that multiply 32 by 32 bits as fast as 8 by 8: the word is first + 2^16 * second as
// a number, so one multiplication by a weight makes two products, and sums of such words hold two sums.
//
// A sum of words S = a + 2^16 b gives both sums back while each lies within 16 bits. So words are added up in runs of
// taps whose weights' magnitudes sum to at most 255 (then |a|, |b| <= 128 * 255); the host cuts the runs. After each run
// S is spilled into two wide sums, `low` of all a and `high` of all floor(S / 2^8). The latter is the sum of all S / 2^8
// but for less than 1 a run, and the sum of all b is known to be whole: with at most 255 runs there is one number that
// it can be. This is two instructions cheaper a run than making b exact each time.
#ifndef WHIT_DEVICE_CORE_PAIRED_HPP
#define WHIT_DEVICE_CORE_PAIRED_HPP

#include "device/core/requantize.hpp"

namespace whit {

WHIT_INLINE uint32_t pair_of_values(int32_t first, int32_t second) {
  return static_cast<uint32_t>(first) + (static_cast<uint32_t>(second) << 16);
}

// `sum` and one tap more.
WHIT_INLINE uint32_t add_paired(uint32_t sum, uint32_t pair, int32_t weight) {
  return sum + pair * static_cast<uint32_t>(weight);
}

struct PairedSums {
  int32_t low, high;
};

WHIT_INLINE void spill_pair(PairedSums &sums, uint32_t run) {
  sums.low += static_cast<int16_t>(run);
  sums.high += static_cast<int32_t>(run) >> 8;
}

WHIT_INLINE int32_t first_sum(PairedSums sums) { return sums.low; }
WHIT_INLINE int32_t second_sum(PairedSums sums) { return (sums.high - (sums.low >> 8) + 255) >> 8; }

// Requantisation of sums within +-2^22 with a right shift of 1 to 22 bits, to all of int8:
//   saturate8((high(x, multiplier) + (zero * 2^shift + 2^(shift - 1)) - (x < 0)) >> shift)
// in the words of docs/semantics.md. `rounding` is the bracket less 128. The multiplier comes in halves: a core without
// a wide product needs four 16-bit ones, of which one is only looked at from its bit 16 on (2^30 + 2^38 are whole
// multiples of that). 2^22 keeps the middle sum positive; divided by 2^15 it is the 128 that `rounding` lacks.
struct PairedRequantize {
  int32_t offset;  // to be added to the sum first
  uint32_t multiplier_low, multiplier_high;
  int32_t rounding, shift;
};

WHIT_INLINE int8_t requantize_sum(const PairedRequantize &r, int32_t sum) {
  const int32_t x = sum + r.offset;
  const uint32_t low = static_cast<uint16_t>(x), high = static_cast<uint32_t>(x >> 16);
  const uint32_t middle = ((low * r.multiplier_low) >> 16) + low * r.multiplier_high + high * r.multiplier_low;
  const uint32_t product = ((middle + (1U << 22) + (1U << 14)) >> 15) + 2U * high * r.multiplier_high;
  const int32_t rounded = static_cast<int32_t>(product) + (x >> 31) + r.rounding;
  return static_cast<int8_t>(clamp(rounded >> r.shift, -128, 127));
}

}  // namespace whit

#endif
