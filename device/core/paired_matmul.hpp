// SPDX-License-Identifier: Apache-2.0
// The matrix product under the paired convolutions: the columns of two pixels, paired word by word (paired.hpp), times
// the weights of two output channels at a time, requantised and stored. One tap takes 7 instructions for 4 products.
//
// Weights: for each tap a group of four bytes, the weights of four channels; so the word pointer is also the index of
// the weights and nothing but it moves. Two pairs of channels share groups.
// The stream, by pairs of channels: int32 offset of the pair's first weight; the runs, each a 16-bit number of the taps
// by which it falls short of `longest_run`, times `tap_step`; filling to a word; then for both channels the words of
// PairedRequantize.
#ifndef WHIT_DEVICE_CORE_PAIRED_MATMUL_HPP
#define WHIT_DEVICE_CORE_PAIRED_MATMUL_HPP

#include "device/core/paired.hpp"

namespace whit {

// 14 bytes is what a tap's instructions take on Armv6-M: the number in the stream is the distance of a jump.
enum { paired_longest_run = 16, paired_tap_step = 14 };

// One run of the product over `pixel_pairs`. The asm reads the members at their offsets, and moves columns and output.
struct PairedMatmul {
  const uint32_t *columns;    // of the first two pixels
  const uint8_t *stream;      // of the first pair of channels, word aligned
  const uint8_t *stream_end;  // behind the last
  const int8_t *weights;
  int8_t *output;             // of the first pixel, first channel
  int32_t column_bytes;       // all taps
  int32_t step_bytes;         // from the columns of one pair of pixels to those of the next
  int32_t output_bytes;       // from the output of a first pixel to that of the next first pixel
  int32_t second_bytes;       // from the output of the first pixel to that of the second; 0 drops the second
  int32_t pixel_pairs;        // at least 1
};

#if defined(__ARM_ARCH_6M__)

// Registers in the loop: r4 words of the pixels, r5 and r6 the two channels' weights less r4, r7 stream, r2 and r3 sums
// of the run, r8 r9 and r10 r11 the wide sums, r12 end of the words. Stack: the struct, the channels' output, the
// second pixel's distance. lr as WHIT_PAIRED_REQUANTIZE wants it.
#define WHIT_PAIRED_TAP                                                                \
  "ldm r4!, {r0}\n ldrsb r1, [r5, r4]\n muls r1, r0\n adds r2, r2, r1\n"               \
  "ldrsb r1, [r6, r4]\n muls r1, r0\n adds r3, r3, r1\n"
#define WHIT_PAIRED_FIVE_TAPS WHIT_PAIRED_TAP WHIT_PAIRED_TAP WHIT_PAIRED_TAP WHIT_PAIRED_TAP WHIT_PAIRED_TAP

// Both pixels of one channel; the second goes first: where it is none, the first overwrites it.
#define WHIT_PAIRED_CHANNEL(low, high, place, fix_second, second_done, fix_first, first_done)      \
  "ldm r7!, {r3, r4, r5, r6}\n"                                                                    \
  WHIT_PAIRED_SECOND_SUM(low, high)                                                                \
  WHIT_PAIRED_REQUANTIZE(fix_second "f", second_done)                                              \
  "ldr r1, [sp, #4]\n ldr r0, [sp, #8]\n adds r1, r1, r0\n strb r2, [r1, #" place "]\n"            \
  "mov r0, " low "\n"                                                                              \
  WHIT_PAIRED_REQUANTIZE(fix_first "f", first_done)                                                \
  "ldr r1, [sp, #4]\n strb r2, [r1, #" place "]\n adds r7, #4\n"

static __attribute__((naked, noinline, unused)) void paired_matmul(PairedMatmul *) {
  __asm__ volatile(
      ".syntax unified\n"
      "push {r4-r7, lr}\n mov r4, r8\n mov r5, r9\n mov r6, r10\n mov r7, r11\n push {r4-r7}\n sub sp, #12\n"
      "str r0, [sp]\n ldr r1, [r0, #32]\n str r1, [sp, #8]\n"
      WHIT_PAIRED_ENTER
      "1:\n" /* a pair of pixels */
      "ldr r0, [sp]\n ldr r1, [r0, #16]\n str r1, [sp, #4]\n ldr r7, [r0, #4]\n"
      "2:\n" /* a pair of channels */
      "ldr r4, [r0]\n ldr r1, [r0, #20]\n adds r1, r1, r4\n mov r12, r1\n"
      "ldm r7!, {r5}\n ldr r1, [r0, #12]\n adds r5, r5, r1\n subs r5, r5, r4\n subs r5, #4\n adds r6, r5, #1\n"
      "movs r1, #0\n mov r8, r1\n mov r9, r1\n mov r10, r1\n mov r11, r1\n"
      "3:\n" /* a run: its first tap, then a jump into the others */
      "ldm r4!, {r0}\n ldrsb r2, [r5, r4]\n muls r2, r0\n ldrsb r3, [r6, r4]\n muls r3, r0\n"
      "ldrh r0, [r7]\n adds r7, #2\n add pc, r0\n nop\n"
      WHIT_PAIRED_FIVE_TAPS WHIT_PAIRED_FIVE_TAPS WHIT_PAIRED_FIVE_TAPS
      WHIT_PAIRED_SPILL("r2", "r8", "r9") WHIT_PAIRED_SPILL("r3", "r10", "r11")
      "cmp r4, r12\n bne 3b\n"
      "adds r7, #3\n lsrs r7, r7, #2\n lsls r7, r7, #2\n"
      WHIT_PAIRED_CHANNEL("r8", "r9", "0", "31", "21", "32", "22")
      WHIT_PAIRED_CHANNEL("r10", "r11", "1", "33", "23", "34", "24")
      "adds r1, #2\n str r1, [sp, #4]\n"
      "ldr r0, [sp]\n ldr r1, [r0, #8]\n cmp r7, r1\n beq 5f\n b 2b\n"
      WHIT_PAIRED_SATURATE("31", "21") WHIT_PAIRED_SATURATE("32", "22")
      WHIT_PAIRED_SATURATE("33", "23") WHIT_PAIRED_SATURATE("34", "24")
      "5:\n"
      "ldr r1, [r0, #36]\n subs r1, #1\n beq 6f\n str r1, [r0, #36]\n"
      "ldr r1, [r0]\n ldr r2, [r0, #24]\n adds r1, r1, r2\n str r1, [r0]\n"
      "ldr r1, [r0, #16]\n ldr r2, [r0, #28]\n adds r1, r1, r2\n str r1, [r0, #16]\n b 1b\n"
      "6:\n"
      "add sp, #12\n pop {r4-r7}\n mov r8, r4\n mov r9, r5\n mov r10, r6\n mov r11, r7\n pop {r4-r7, pc}\n");
}

#else

struct PairedChannels {
  PairedSums first, second;  // of the two output channels
};

// Where a run stands: the words of both pixels, the weights of both channels, their sums.
struct PairedRun {
  const uint32_t *pair;
  const int8_t *weight;
  uint32_t first, second;
};

// The tap `ahead` of where the run stands.
WHIT_INLINE void add_tap_of_two(PairedRun &run, int32_t ahead) {
  run.first = add_paired(run.first, run.pair[ahead], run.weight[4 * ahead]);
  run.second = add_paired(run.second, run.pair[ahead], run.weight[4 * ahead + 1]);
}

WHIT_INLINE void advance(PairedRun &run, int32_t taps) {
  run.pair += taps;
  run.weight += 4 * taps;
}

// All runs of one pair of channels. Moves `runs` behind them.
WHIT_INLINE PairedChannels paired_sums(const uint32_t *pair, const uint32_t *end, const int8_t *weight,
                                       const uint16_t *&runs) {
  PairedChannels sums = {{0, 0}, {0, 0}};
  PairedRun run = {pair, weight, 0, 0};
  while (run.pair != end) {
    run.first = run.second = 0;
    uint32_t missing = *runs++;  // 14 times the taps that it is short of 16: bit 1 tells whether their number is odd
    if ((missing & 2U) != 0) {
      add_tap_of_two(run, 0);
      advance(run, 1);
      missing += paired_tap_step;
    }
    for (; missing != paired_longest_run * paired_tap_step; missing += 2 * paired_tap_step) {
      add_tap_of_two(run, 0);
      add_tap_of_two(run, 1);
      advance(run, 2);
    }
    spill_pair(sums.first, run.first);
    spill_pair(sums.second, run.second);
  }
  return sums;
}

WHIT_INLINE void store_paired(const PairedRequantize &requantize, PairedSums sums, int8_t *output, int32_t second) {
  output[second] = requantize_sum(requantize, second_sum(sums));
  output[0] = requantize_sum(requantize, first_sum(sums));
}

WHIT_KERNEL void paired_matmul(PairedMatmul *run) {
  for (; run->pixel_pairs != 0; --run->pixel_pairs) {
    const uint32_t *columns_end = run->columns + run->column_bytes / 4;
    int8_t *output = run->output;
    for (const uint8_t *stream = run->stream; stream != run->stream_end; output += 2) {
      const int32_t *words = reinterpret_cast<const int32_t *>(stream);
      const uint16_t *runs = reinterpret_cast<const uint16_t *>(words + 1);
      const PairedChannels sums = paired_sums(run->columns, columns_end, run->weights + *words, runs);
      runs += (reinterpret_cast<uintptr_t>(runs) >> 1) & 1U;
      const PairedRequantize *requantize = reinterpret_cast<const PairedRequantize *>(runs);
      store_paired(requantize[0], sums.first, output, run->second_bytes);
      store_paired(requantize[1], sums.second, output + 1, run->second_bytes);
      stream = reinterpret_cast<const uint8_t *>(requantize + 2);
    }
    run->columns += run->step_bytes / 4;
    run->output += run->output_bytes;
  }
}

#endif

// Runs the product over a stream of whole pairs of channels. Where the channels are odd in number, the first pair
// overlaps the second, which begins at channel 1: `first_bytes` are its bytes of the stream, else 0.
WHIT_KERNEL void paired_matmul_all(const PairedMatmul &run, int32_t first_bytes) {
  if (first_bytes != 0) {
    PairedMatmul first = run;
    first.stream_end = run.stream + first_bytes;
    paired_matmul(&first);
  }
  PairedMatmul rest = run;
  rest.stream += first_bytes;
  rest.output += first_bytes != 0 ? 1 : 0;
  if (rest.stream != rest.stream_end) paired_matmul(&rest);
}

// Words of neighbouring values of two pixels. A null pixel lies in the padding, where every value is `zero`.
WHIT_INLINE uint32_t *pair_values(uint32_t *to, const int8_t *first, const int8_t *second, int32_t count, int32_t zero) {
  uint32_t *const end = to + count;
  if (first != nullptr && second != nullptr) {
    for (; to != end; ++first, ++second) *to++ = pair_of_values(*first, *second);
  } else if (first != nullptr) {
    while (to != end) *to++ = pair_of_values(*first++, zero);
  } else if (second != nullptr) {
    while (to != end) *to++ = pair_of_values(zero, *second++);
  } else {
    while (to != end) *to++ = pair_of_values(zero, zero);
  }
  return to;
}

}  // namespace whit

#endif
