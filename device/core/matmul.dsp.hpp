// SPDX-License-Identifier: Apache-2.0
// The matrix product under the DSP convolutions: two columns (the widened inputs of two pixels) times four rows (the
// weights of four output channels) at a time, requantised and stored.
//
// Weights stay 8 bits wide in memory. A 16-bit lane holds two rows, 256*a + b, so that SMLAD on the lane as it is sums
// 256*A + B, and SMLAD on its sign-extended low byte (SXTB16) sums B alone: two rows cost one load and one SXTB16
// instead of two. 256*A = (256*A + B) - B is exact even if the sums wrap, as |A| < 2^23 at the end. One step, two
// values of two columns by four rows, takes 15 cycles for 16 products on a Cortex-M4. The loop is one asm block
// because a compiler spills some of its eight accumulators.
//
// The stream of constants, by blocks of four rows a0 b0 a1 b1: bias of a0 and a1; for each step the lanes of rows
// (a0, b0), then those of (a1, b1); bias of b0 and b1; then either
//   steps: four multipliers; y = saturate8(high_half(sum * m + 2^31) >> 9), or
//   exact: four times multiplier, rounding, shift; y = saturate8((high_half(2 x m + 2^31) + rounding - (x < 0)) >> shift)
// where sum = 256 x + bias. How the host finds these numbers, and proves them: ops/dsp_requantize.hpp.
#ifndef WHIT_DEVICE_CORE_MATMUL_DSP_HPP
#define WHIT_DEVICE_CORE_MATMUL_DSP_HPP

#include "device/core/keep.dsp.hpp"

#if defined(__ARM_FEATURE_DSP)

namespace whit {

// One run of the product. The columns of two pixels lie interleaved: word 2k and 2k + 1 are the k-th pair of values of
// the first and of the second pixel. The asm reads the members at their offsets.
struct Matmul {
  const void *columns;     // of the first two pixels, word aligned
  const void *rows;        // first block of the stream
  const void *rows_end;    // end of the last block to run
  int8_t *output;          // of the first pixel, first row
  int32_t steps;           // pairs of values in a column, at least 1
  int32_t column_bytes;    // from the columns of one pair of pixels to those of the next
  int32_t output_bytes;    // from the output of a first pixel to that of the next first pixel
  int32_t row_bytes;       // from one row's output to the next row's (planes; words have them side by side)
  int32_t second_bytes;    // from the output of the first pixel to that of the second; 0 drops the second
  int32_t pixel_pairs;     // at least 1
};

// A loop's parts are macros, which the product with 16-bit values (matmul_int16.dsp.hpp) shares; `step_bytes` is the code
// of a step. Registers in the loop: r0 columns, r1 rows, both four bytes behind; r2, r3 values of the two pixels; r4, r5 lanes of
// rows (a0, b0) and (a1, b1); sums of the first and second pixel: a0 r6 r7, b0 r8 r9, a1 r10 r11, b1 r12 lr.
// Twelve steps are unrolled: the code of a block stays within the 1 KB that common flash accelerators cache. A count
// that is no multiple of twelve enters the loop in the middle, with both pointers set back by the steps skipped.
#define WHIT_MATMUL_ENTER(step_bytes, begin_sums)                                          \
  "push {r4-r11, lr}\n"                                                                    \
  WHIT_KEEP_ENTER                                                                          \
  "ldr r1, [r0, #16]\n"                                                                    \
  "mov r2, #12\n"                                                                          \
  "sub r3, r1, #1\n"                                                                       \
  "udiv r4, r3, r2\n"                                                                      \
  "mls r3, r4, r2, r3\n"                                                                   \
  "rsb r3, r3, #11\n" /* steps skipped at the first entry */                               \
  "mov r4, #" #step_bytes "\n"                                                             \
  "adr.w r5, 4f\n"                                                                         \
  "mla r4, r3, r4, r5\n"                                                                   \
  "orr r4, r4, #1\n"                                                                       \
  "lsl r3, r3, #3\n"                                                                       \
  WHIT_KEEP(1, r4) WHIT_KEEP(12, r3)                                                       \
  "ldr r2, [r0, #0]\n"                                                                     \
  "sub r2, r2, #4\n"                                                                       \
  "add r4, r2, r1, lsl #3\n"                                                               \
  "sub r2, r2, r3\n"                                                                       \
  WHIT_KEEP(0, r2) WHIT_KEEP(2, r4)                                                        \
  "ldrd r2, r3, [r0, #4]\n"                                                                \
  "sub r2, r2, #4\n"                                                                       \
  "sub r3, r3, #4\n"                                                                       \
  WHIT_KEEP(7, r2) WHIT_KEEP(3, r3)                                                        \
  "ldrd r2, r3, [r0, #20]\n"                                                               \
  WHIT_KEEP(8, r2) WHIT_KEEP(10, r3)                                                       \
  "ldrd r2, r3, [r0, #28]\n"                                                               \
  WHIT_KEEP(5, r2) WHIT_KEEP(6, r3)                                                        \
  "ldr r2, [r0, #36]\n"                                                                    \
  "ldr r0, [r0, #12]\n"                                                                    \
  WHIT_KEEP(11, r2)                                                                        \
  "1:\n" /* a pair of pixels */                                                            \
  WHIT_KEEP(9, r0) WHIT_KEEP(4, r0)                                                        \
  WHIT_RECALL(r1, 7)                                                                       \
  "2:\n" /* a block of four rows */                                                        \
  begin_sums                                                                               \
  WHIT_RECALL(r5, 12) WHIT_RECALL(r4, 1) WHIT_RECALL(r0, 0)                                \
  "sub r1, r1, r5\n"                                                                       \
  "bx r4\n"                                                                                \
  ".balign 4\n"                                                                            \
  "4:\n"

#define WHIT_MATMUL_PRODUCTS      \
  "smlad r6, r4, r2, r6\n"        \
  "smlad r7, r4, r3, r7\n"        \
  "sxtb16 r4, r4\n"               \
  "smlad r10, r5, r2, r10\n"      \
  "smlad r11, r5, r3, r11\n"      \
  "sxtb16 r5, r5\n"               \
  "smlad r8, r4, r2, r8\n"        \
  "smlad r9, r4, r3, r9\n"        \
  "smlad r12, r5, r2, r12\n"      \
  "smlad lr, r5, r3, lr\n"

#define WHIT_MATMUL_STEP(low, high) \
  "ldr.n r2, [r0, #" #low "]\n"     \
  "ldr.n r3, [r0, #" #high "]\n"    \
  "ldr.n r4, [r1, #" #low "]\n"     \
  "ldr.n r5, [r1, #" #high "]\n"    \
  WHIT_MATMUL_PRODUCTS

#define WHIT_MATMUL_LAST_STEP   \
  "ldr.n r2, [r0, #92]\n"       \
  "ldr r3, [r0, #96]!\n"        \
  "ldr.n r4, [r1, #92]\n"       \
  "ldr r5, [r1, #96]!\n"        \
  WHIT_MATMUL_PRODUCTS

// `step` is a macro of a step's offsets, `last` also moves both pointers on.
#define WHIT_MATMUL_LOOP(step, last)                                          \
  step(4, 8) step(12, 16) step(20, 24) step(28, 32) step(36, 40) step(44, 48) \
  step(52, 56) step(60, 64) step(68, 72) step(76, 80) step(84, 88) last       \
  WHIT_RECALL(r2, 2)                                                          \
  "cmp r0, r2\n"                                                              \
  "bne.w 4b\n"

// Of rows a the sums begin at the bias, of rows b it is added after rows a have been told from rows b.
#define WHIT_MATMUL_BEGIN   \
  "ldr r6, [r1, #4]\n"      \
  "ldr r10, [r1, #8]!\n"    \
  "mov r8, #0\n"            \
  "mov r9, #0\n"            \
  "mov r12, #0\n"           \
  "mov lr, #0\n"            \
  "mov r7, r6\n"            \
  "mov r11, r10\n"

#define WHIT_MATMUL_SPLIT            \
  "ldr r2, [r1, #4]\n"               \
  "ldr r3, [r1, #8]\n"               \
  "sub r6, r6, r8\n"                 \
  "sub r7, r7, r9\n"                 \
  "sub r10, r10, r12\n"              \
  "sub r11, r11, lr\n"               \
  "add r8, r2, r8, lsl #8\n"         \
  "add r9, r2, r9, lsl #8\n"         \
  "add r12, r3, r12, lsl #8\n"       \
  "add lr, r3, lr, lsl #8\n"

// Sums of one row in `first` and `second` to int8.
#define WHIT_MATMUL_STEPS(multiplier, first, second)   \
  "smmulr " #first ", " #first ", " #multiplier "\n"   \
  "smmulr " #second ", " #second ", " #multiplier "\n" \
  "ssat " #first ", #8, " #first ", asr #9\n"          \
  "ssat " #second ", #8, " #second ", asr #9\n"

#define WHIT_MATMUL_REQUANTIZE_STEPS \
  "ldr r2, [r1, #12]\n"              \
  "ldr r3, [r1, #16]\n"              \
  "ldr r4, [r1, #20]\n"              \
  "ldr r5, [r1, #24]!\n"             \
  WHIT_MATMUL_STEPS(r2, r6, r7)      \
  WHIT_MATMUL_STEPS(r3, r8, r9)      \
  WHIT_MATMUL_STEPS(r4, r10, r11)    \
  WHIT_MATMUL_STEPS(r5, r12, lr)

#define WHIT_MATMUL_EXACT(multiplier, rounding, shift, first, second) \
  "ldr r2, [r1, #" #multiplier "]\n"                                  \
  "ldr r3, [r1, #" #rounding "]\n"                                    \
  "ldr r4, [r1, #" #shift "]\n"                                       \
  "asr " #first ", " #first ", #7\n"                                  \
  "asr " #second ", " #second ", #7\n"                                \
  "add r5, r3, " #first ", asr #31\n"                                 \
  "smmlar " #first ", " #first ", r2, r5\n"                           \
  "add r5, r3, " #second ", asr #31\n"                                \
  "smmlar " #second ", " #second ", r2, r5\n"                         \
  "asr " #first ", " #first ", r4\n"                                  \
  "asr " #second ", " #second ", r4\n"                                \
  "ssat " #first ", #8, " #first "\n"                                 \
  "ssat " #second ", #8, " #second "\n"

#define WHIT_MATMUL_REQUANTIZE_EXACT                                             \
  WHIT_MATMUL_EXACT(12, 16, 20, r6, r7) WHIT_MATMUL_EXACT(24, 28, 32, r8, r9)    \
  WHIT_MATMUL_EXACT(36, 40, 44, r10, r11) WHIT_MATMUL_EXACT(48, 52, 56, r12, lr) \
  "add r1, r1, #56\n"

// Every row's output in a plane of its own. The second pixel goes first: where it is none, the first overwrites it.
#define WHIT_MATMUL_STORE_PLANES                           \
  WHIT_RECALL(r0, 4) WHIT_RECALL(r2, 5) WHIT_RECALL(r3, 6) \
  "add r4, r0, r3\n"                                       \
  "add r5, r0, r2, lsl #1\n"                               \
  "strb r7, [r4]\n"                                        \
  "strb r9, [r4, r2]\n"                                    \
  "add r4, r5, r3\n"                                       \
  "strb r6, [r0]\n"                                        \
  "strb r8, [r0, r2]\n"                                    \
  "add r0, r5, r2, lsl #1\n"                               \
  "strb r11, [r4]\n"                                       \
  "strb lr, [r4, r2]\n"                                    \
  "strb r10, [r5]\n"                                       \
  "strb r12, [r5, r2]\n"                                   \
  WHIT_KEEP(4, r0)

// The four rows' outputs side by side.
#define WHIT_MATMUL_STORE_WORDS         \
  WHIT_RECALL(r0, 4) WHIT_RECALL(r2, 6) \
  "bfi r7, r9, #8, #8\n"                \
  "bfi r6, r8, #8, #8\n"                \
  "bfi r7, r11, #16, #8\n"              \
  "bfi r6, r10, #16, #8\n"              \
  "bfi r7, lr, #24, #8\n"               \
  "bfi r6, r12, #24, #8\n"              \
  "str r7, [r0, r2]\n"                  \
  "str r6, [r0], #4\n"                  \
  WHIT_KEEP(4, r0)

#define WHIT_MATMUL_LEAVE                                    \
  WHIT_RECALL(r2, 3)                                         \
  "cmp r1, r2\n"                                             \
  "bne.w 2b\n"                                               \
  WHIT_RECALL(r2, 11)                                        \
  "subs r2, r2, #1\n"                                        \
  "beq 6f\n"                                                 \
  WHIT_KEEP(11, r2)                                          \
  WHIT_RECALL(r3, 8) WHIT_RECALL(r0, 0) WHIT_RECALL(r2, 2)   \
  "add r0, r0, r3\n"                                         \
  "add r2, r2, r3\n"                                         \
  WHIT_KEEP(0, r0) WHIT_KEEP(2, r2)                          \
  WHIT_RECALL(r3, 10) WHIT_RECALL(r0, 9)                     \
  "add r0, r0, r3\n"                                         \
  "b.w 1b\n"                                                 \
  "6:\n"                                                     \
  WHIT_KEEP_LEAVE                                            \
  "pop {r4-r11, pc}\n"

#define WHIT_DEFINE_MATMUL(name, requantize, store)                                                        \
  static __attribute__((naked, noinline, unused)) void name(const Matmul *) {                              \
    __asm__ volatile(".syntax unified\n" WHIT_MATMUL_ENTER(48, WHIT_MATMUL_BEGIN)                          \
                         WHIT_MATMUL_LOOP(WHIT_MATMUL_STEP, WHIT_MATMUL_LAST_STEP) WHIT_MATMUL_SPLIT requantize \
                             store WHIT_MATMUL_LEAVE);                                                     \
  }

WHIT_DEFINE_MATMUL(matmul_steps_planes, WHIT_MATMUL_REQUANTIZE_STEPS, WHIT_MATMUL_STORE_PLANES)
WHIT_DEFINE_MATMUL(matmul_steps_words, WHIT_MATMUL_REQUANTIZE_STEPS, WHIT_MATMUL_STORE_WORDS)
WHIT_DEFINE_MATMUL(matmul_exact_planes, WHIT_MATMUL_REQUANTIZE_EXACT, WHIT_MATMUL_STORE_PLANES)
WHIT_DEFINE_MATMUL(matmul_exact_words, WHIT_MATMUL_REQUANTIZE_EXACT, WHIT_MATMUL_STORE_WORDS)

// One of the forms above. Passed by address, so that the loops around it stand once in an image.
typedef void MatmulFunction(const Matmul *);

// Runs the product over a stream of whole blocks for `run.rows`. Where the rows are no multiple of four, the first block
// overlaps the second, which begins at row `first_rows`.
WHIT_KERNEL void matmul_all_rows(MatmulFunction *matmul, Matmul &run, int32_t first_rows, int32_t block_bytes,
                                 int32_t stream_bytes, int32_t channel_bytes) {
  const uint8_t *rows = static_cast<const uint8_t *>(run.rows);
  const uint8_t *end = rows + stream_bytes;
  if (first_rows != 0) {
    run.rows_end = rows + block_bytes;
    matmul(&run);
    run.rows = rows + block_bytes;
    run.output += first_rows * channel_bytes;
  }
  run.rows_end = end;
  if (run.rows != run.rows_end) matmul(&run);
  run.rows = rows;
}

}  // namespace whit

#endif
#endif
