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

#if defined(__ARM_ARCH_6M__)

// The same as instructions. Adds the run in `sum`, which is lost, to the wide sums; through r1.
#define WHIT_PAIRED_SPILL(sum, low, high) \
  "sxth r1, " sum "\n add " low ", r1\n asrs " sum ", " sum ", #8\n add " high ", " sum "\n"

// The second sum to r0.
#define WHIT_PAIRED_SECOND_SUM(low, high) \
  "mov r1, " low "\n asrs r1, r1, #8\n mov r0, " high "\n subs r0, r0, r1\n adds r0, #255\n asrs r0, r0, #8\n"

// Puts the constant that WHIT_PAIRED_REQUANTIZE needs, 2^22 + 2^14, into lr.
#define WHIT_PAIRED_ENTER "movs r1, #1\n lsls r1, r1, #8\n adds r1, #1\n lsls r1, r1, #14\n mov lr, r1\n"

// requantize_sum: r0 + r3 with the multiplier's halves r4, r5, rounding r6, shift at r7, to r2. Past the end a sum
// saturates out of line, from `fix` back to `done`.
#define WHIT_PAIRED_REQUANTIZE(fix, done)                                              \
  "adds r0, r0, r3\n asrs r1, r0, #16\n uxth r0, r0\n"                                 \
  "movs r2, r0\n muls r2, r4\n lsrs r2, r2, #16\n muls r0, r5\n adds r2, r2, r0\n"     \
  "movs r0, r1\n muls r0, r4\n adds r2, r2, r0\n add r2, lr\n lsrs r2, r2, #15\n"      \
  "asrs r0, r1, #31\n adds r2, r2, r0\n muls r1, r5\n lsls r1, r1, #1\n"               \
  "adds r2, r2, r1\n adds r2, r2, r6\n ldr r0, [r7]\n asrs r2, r0\n"                   \
  "sxtb r0, r2\n cmp r0, r2\n bne " fix "\n" done ":\n"
#define WHIT_PAIRED_SATURATE(label, done) \
  label ": asrs r2, r2, #31\n movs r0, #127\n eors r2, r0\n b " done "b\n"

#endif

}  // namespace whit

#endif
