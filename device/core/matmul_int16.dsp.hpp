// SPDX-License-Identifier: Apache-2.0
// The matrix product under the DSP convolutions of 16-bit data: matmul.dsp.hpp with sums of one row each in 32 bits, since
// 16-bit data leave no room for two rows in a lane. A step takes 18 cycles for 16 products on a Cortex-M4.
//
// The stream, by blocks of four rows: four biases; for each step the bytes of rows 0 and 1 (0's first value, 1's first,
// 0's second, 1's second), so that SXTB16 makes a pair of each, then those of rows 2 and 3; four multipliers.
// y = saturate(high_half(sum * m + 2^31)): ops/int16/int16_dsp_requantize.hpp.
#ifndef WHIT_DEVICE_CORE_MATMUL_INT16_DSP_HPP
#define WHIT_DEVICE_CORE_MATMUL_INT16_DSP_HPP

#include "device/core/matmul.dsp.hpp"

#if defined(__ARM_FEATURE_DSP)

namespace whit {

// Registers: rows 0 to 3 are r6 r7, r8 r9, r10 r11, r12 lr; r4, r5 the weights of two rows.
#define WHIT_MATMUL_INT16_BEGIN \
  "ldr r6, [r1, #4]\n"          \
  "ldr r8, [r1, #8]\n"          \
  "ldr r10, [r1, #12]\n"        \
  "ldr r12, [r1, #16]!\n"       \
  "mov r7, r6\n"                \
  "mov r9, r8\n"                \
  "mov r11, r10\n"              \
  "mov lr, r12\n"

#define WHIT_MATMUL_INT16_TWO_ROWS(first, first_other, second, second_other) \
  "sxtb16 r5, r4\n"                                                          \
  "sxtb16 r4, r4, ror #8\n"                                                  \
  "smlad " #first ", r5, r2, " #first "\n"                                   \
  "smlad " #first_other ", r5, r3, " #first_other "\n"                       \
  "smlad " #second ", r4, r2, " #second "\n"                                 \
  "smlad " #second_other ", r4, r3, " #second_other "\n"

#define WHIT_MATMUL_INT16_STEP(low, high)     \
  "ldr.n r2, [r0, #" #low "]\n"               \
  "ldr.n r3, [r0, #" #high "]\n"              \
  "ldr.n r4, [r1, #" #low "]\n"               \
  WHIT_MATMUL_INT16_TWO_ROWS(r6, r7, r8, r9)  \
  "ldr.n r4, [r1, #" #high "]\n"              \
  WHIT_MATMUL_INT16_TWO_ROWS(r10, r11, r12, lr)

#define WHIT_MATMUL_INT16_LAST_STEP           \
  "ldr.n r2, [r0, #92]\n"                     \
  "ldr r3, [r0, #96]!\n"                      \
  "ldr.n r4, [r1, #92]\n"                     \
  WHIT_MATMUL_INT16_TWO_ROWS(r6, r7, r8, r9)  \
  "ldr r4, [r1, #96]!\n"                      \
  WHIT_MATMUL_INT16_TWO_ROWS(r10, r11, r12, lr)

#define WHIT_MATMUL_INT16_SIGNED(sum) "ssat " sum ", #16, " sum "\n"
#define WHIT_MATMUL_INT16_POSITIVE(sum) "usat " sum ", #15, " sum "\n"

#define WHIT_MATMUL_INT16_ROW(multiplier, saturate, first, second) \
  "smmulr " #first ", " #first ", " #multiplier "\n"               \
  "smmulr " #second ", " #second ", " #multiplier "\n"             \
  saturate(#first) saturate(#second)

// The second pixel goes first: where it is none, the first overwrites it.
#define WHIT_MATMUL_INT16_END(saturate)                                                             \
  "ldr r2, [r1, #4]\n"                                                                              \
  "ldr r3, [r1, #8]\n"                                                                              \
  "ldr r4, [r1, #12]\n"                                                                             \
  "ldr r5, [r1, #16]!\n"                                                                            \
  WHIT_MATMUL_INT16_ROW(r2, saturate, r6, r7) WHIT_MATMUL_INT16_ROW(r3, saturate, r8, r9)           \
  WHIT_MATMUL_INT16_ROW(r4, saturate, r10, r11) WHIT_MATMUL_INT16_ROW(r5, saturate, r12, lr)        \
  WHIT_RECALL(r0, 4) WHIT_RECALL(r2, 6)                                                             \
  "pkhbt r7, r7, r9, lsl #16\n"                                                                     \
  "pkhbt r11, r11, lr, lsl #16\n"                                                                   \
  "pkhbt r6, r6, r8, lsl #16\n"                                                                     \
  "pkhbt r10, r10, r12, lsl #16\n"                                                                  \
  "add r3, r0, r2\n"                                                                                \
  "str r7, [r3]\n"                                                                                  \
  "str r11, [r3, #4]\n"                                                                             \
  "str r10, [r0, #4]\n"                                                                             \
  "str r6, [r0], #8\n"                                                                              \
  WHIT_KEEP(4, r0)

#define WHIT_DEFINE_MATMUL_INT16(name, saturate)                                                    \
  static __attribute__((naked, noinline, unused)) void name(const Matmul *) {                       \
    __asm__ volatile(".syntax unified\n" WHIT_MATMUL_ENTER(56, WHIT_MATMUL_INT16_BEGIN)             \
                         WHIT_MATMUL_LOOP(WHIT_MATMUL_INT16_STEP, WHIT_MATMUL_INT16_LAST_STEP)      \
                             WHIT_MATMUL_INT16_END(saturate) WHIT_MATMUL_LEAVE);                    \
  }

WHIT_DEFINE_MATMUL_INT16(matmul_int16, WHIT_MATMUL_INT16_SIGNED)
WHIT_DEFINE_MATMUL_INT16(matmul_int16_positive, WHIT_MATMUL_INT16_POSITIVE)

}  // namespace whit

#endif
#endif
