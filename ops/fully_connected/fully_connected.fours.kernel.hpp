// SPDX-License-Identifier: Apache-2.0
// fully_connected for cores with a fast 32-bit multiplier and no DSP instructions: four outputs at a time, so that each
// value is loaded once for four products; 3.4 instructions a product on Armv6-M.
//
// Weights are stored plus 128, four outputs side by side, because only unsigned bytes are loaded at a literal distance
// there; 128 times the sum of the row's values is taken off the sums, the same for all outputs.
#ifndef WHIT_OPS_FULLY_CONNECTED_FOURS_KERNEL_HPP
#define WHIT_OPS_FULLY_CONNECTED_FOURS_KERNEL_HPP

#include "device/core/paired.hpp"

namespace whit {

#define WHIT_FULLY_CONNECTED_FOURS_FIELDS(FIELD) \
  FIELD(int32_t, rows) FIELD(int32_t, depth) FIELD(int32_t, outputs) FIELD(int32_t, requantize_back)
WHIT_PARAMETERS(FullyConnectedFoursParameters, WHIT_FULLY_CONNECTED_FOURS_FIELDS)

// Some fours of outputs of one row. The asm reads the members at their offsets.
struct FullyConnectedFours {
  const int8_t *values;
  const int8_t *values_eights;  // end of the whole eights of values
  const int8_t *values_end;
  const uint8_t *weights;
  const int32_t *offsets;       // one an output
  const int32_t *requantize;    // what follows the offset in a PairedRequantize
  int8_t *output;
  int32_t start;                // of each sum
  int32_t fours;                // at least 1
  int32_t requantize_back;      // bytes from the end of an output's words back to the next one's: 16 when they share
};

#if defined(__ARM_ARCH_6M__)

// Registers: r4 values, r5 weights, r2 r3 r6 r7 hold 0 to 3, r8-r11 sums, r12 end of the eights. The struct is copied
// to the stack.
#define WHIT_FOURS_PRODUCT(place, sum) "ldrb r1, [r5, #(" place ")]\n muls r1, r0\n add " sum ", r1\n"
#define WHIT_FOURS_TAP(index, place)                                                              \
  "ldrsb r0, [r4, " index "]\n"                                                                   \
  WHIT_FOURS_PRODUCT(place, "r8") WHIT_FOURS_PRODUCT(place " + 1", "r9")                          \
  WHIT_FOURS_PRODUCT(place " + 2", "r10") WHIT_FOURS_PRODUCT(place " + 3", "r11")
#define WHIT_FOURS_STORE(sum, place, fix, done)                                                   \
  "ldr r0, [sp, #16]\n ldm r0!, {r3}\n str r0, [sp, #16]\n ldm r7!, {r4, r5, r6}\n mov r0, " sum "\n" \
  WHIT_PAIRED_REQUANTIZE(fix "f", done)                                                           \
  "ldr r1, [sp, #36]\n adds r7, #4\n subs r7, r7, r1\n ldr r1, [sp, #24]\n strb r2, [r1, #" place "]\n"

static __attribute__((naked, noinline, unused)) void fully_connected_some_fours(const FullyConnectedFours *) {
  __asm__ volatile(
      ".syntax unified\n"
      "push {r4-r7, lr}\n mov r4, r8\n mov r5, r9\n mov r6, r10\n mov r7, r11\n push {r4-r7}\n sub sp, #40\n"
      "mov r1, sp\n ldm r0!, {r2, r3, r4, r5}\n mov r12, r3\n stm r1!, {r2, r3, r4, r5}\n"
      "ldm r0!, {r2, r3, r4, r6}\n stm r1!, {r2, r3, r4, r6}\n ldm r0!, {r2, r3}\n stm r1!, {r2, r3}\n"
      WHIT_PAIRED_ENTER
      "1:\n" /* four outputs */
      "ldr r4, [sp]\n ldr r0, [sp, #28]\n mov r8, r0\n mov r9, r0\n mov r10, r0\n mov r11, r0\n"
      "movs r2, #0\n movs r3, #1\n movs r6, #2\n movs r7, #3\n"
      "cmp r4, r12\n beq 3f\n"
      "2:\n" /* eight values */
      WHIT_FOURS_TAP("r2", "0") WHIT_FOURS_TAP("r3", "4") WHIT_FOURS_TAP("r6", "8") WHIT_FOURS_TAP("r7", "12")
      "adds r4, #4\n"
      WHIT_FOURS_TAP("r2", "16") WHIT_FOURS_TAP("r3", "20") WHIT_FOURS_TAP("r6", "24") WHIT_FOURS_TAP("r7", "28")
      "adds r4, #4\n adds r5, #32\n cmp r4, r12\n bne 2b\n"
      "3:\n" /* those left */
      "ldr r6, [sp, #8]\n cmp r4, r6\n beq 5f\n"
      "4:\n" WHIT_FOURS_TAP("r2", "0") "adds r4, #1\n adds r5, #4\n cmp r4, r6\n bne 4b\n"
      "5:\n"
      "str r5, [sp, #12]\n ldr r7, [sp, #20]\n"
      WHIT_FOURS_STORE("r8", "0", "31", "21") WHIT_FOURS_STORE("r9", "1", "32", "22")
      WHIT_FOURS_STORE("r10", "2", "33", "23") WHIT_FOURS_STORE("r11", "3", "34", "24")
      "adds r1, #4\n str r1, [sp, #24]\n str r7, [sp, #20]\n ldr r5, [sp, #12]\n"
      "ldr r1, [sp, #32]\n subs r1, #1\n beq 6f\n str r1, [sp, #32]\n b 1b\n"
      WHIT_PAIRED_SATURATE("31", "21") WHIT_PAIRED_SATURATE("32", "22")
      WHIT_PAIRED_SATURATE("33", "23") WHIT_PAIRED_SATURATE("34", "24")
      "6:\n"
      "add sp, #40\n pop {r4-r7}\n mov r8, r4\n mov r9, r5\n mov r10, r6\n mov r11, r7\n pop {r4-r7, pc}\n");
}

#else

// Single members: compilers keep those in registers.
struct FourSums {
  int32_t first, second, third, fourth;
};

WHIT_INLINE void add_tap(FourSums &sums, int32_t value, const uint8_t *weights) {
  sums.first += value * weights[0];
  sums.second += value * weights[1];
  sums.third += value * weights[2];
  sums.fourth += value * weights[3];
}

// Requantises one output and goes on to the next one's words.
WHIT_INLINE void store_one_of_four(FullyConnectedFours &run, int32_t sum) {
  const int32_t *words = run.requantize;
  const PairedRequantize requantize = {*run.offsets++, static_cast<uint32_t>(words[0]), static_cast<uint32_t>(words[1]),
                                       words[2], words[3]};
  *run.output++ = requantize_sum(requantize, sum);
  run.requantize += 4 - run.requantize_back / 4;
}

WHIT_KERNEL void fully_connected_some_fours(const FullyConnectedFours *fours) {
  FullyConnectedFours run = *fours;
  for (; run.fours != 0; --run.fours) {
    FourSums sums = {run.start, run.start, run.start, run.start};
    const int8_t *value = run.values;
    const uint8_t *weights = run.weights;
    for (; value != run.values_eights; value += 4, weights += 16) {
      add_tap(sums, value[0], weights);
      add_tap(sums, value[1], weights + 4);
      add_tap(sums, value[2], weights + 8);
      add_tap(sums, value[3], weights + 12);
    }
    for (; value != run.values_end; ++value, weights += 4) add_tap(sums, *value, weights);
    run.weights = weights;
    store_one_of_four(run, sums.first);
    store_one_of_four(run, sums.second);
    store_one_of_four(run, sums.third);
    store_one_of_four(run, sums.fourth);
  }
}

#endif

// Outputs that are no multiple of four are filled up by the host and pass through four bytes of their own.
WHIT_KERNEL void fully_connected_fours(const FullyConnectedFoursParameters *parameters, const int8_t *input,
                                       const uint8_t *weights, const int32_t *offsets, const int32_t *requantize,
                                       int8_t *output) {
  const FullyConnectedFoursParameters &p = *parameters;
  const int32_t whole = p.outputs / 4, left = p.outputs % 4;
  for (int32_t row = 0; row < p.rows; ++row, input += p.depth, output += p.outputs) {
    FullyConnectedFours run = {input,   input + p.depth / 8 * 8, input + p.depth, weights, offsets, requantize, output, 0,
                               whole,   p.requantize_back};
    for (const int8_t *value = input; value != run.values_end; ++value) run.start -= *value * 128;
    if (whole != 0) fully_connected_some_fours(&run);
    if (left == 0) continue;
    int8_t few[4];
    run.weights += whole * 4 * p.depth;
    run.offsets += whole * 4;
    run.requantize += whole * (16 - p.requantize_back);
    run.output = few;
    run.fours = 1;
    fully_connected_some_fours(&run);
    for (int32_t index = 0; index < left; ++index) output[whole * 4 + index] = few[index];
  }
}

}  // namespace whit

#endif
