// SPDX-License-Identifier: Apache-2.0
// depthwise_conv2d with a 3x3 window for cores with DSP instructions, channel by channel, input and output in either
// layout.
//
// Three rows of the input, widened to 16 bits with their padding, lie in scratch as a ring: word 3 k + s holds the k-th
// pair of columns of the row in slot s. So one pointer reaches all nine values of a window, and moving down a row
// replaces one slot (the weights are taken in rotated order). Two multiply instructions make the three products of a
// row; four outputs are computed at a time. Weights are multiplied by 256: ops/dsp_requantize.hpp says why.
//
// Rows and columns may be exchanged by the host (planes that are narrow and tall): everything is counted by steps.
#ifndef WHIT_OPS_DEPTHWISE_CONV2D_DSP_KERNEL_HPP
#define WHIT_OPS_DEPTHWISE_CONV2D_DSP_KERNEL_HPP

#include "device/core/instructions.dsp.hpp"
#include "device/core/keep.dsp.hpp"

namespace whit {

#define WHIT_DEPTHWISE_CONV2D_DSP_FIELDS(FIELD)                                                                  \
  FIELD(int16_t, channels) FIELD(int16_t, multiplier)                                                            \
  FIELD(int16_t, input_rows) FIELD(int16_t, input_columns) FIELD(int16_t, output_rows) FIELD(int16_t, output_columns) \
  FIELD(int16_t, stride_rows) FIELD(int16_t, padding_rows) FIELD(int16_t, padding_columns)                       \
  FIELD(int16_t, ring_words) FIELD(int16_t, input_zero)                                                          \
  FIELD(int32_t, input_channel_step) FIELD(int32_t, input_row_step) FIELD(int32_t, input_column_step)            \
  FIELD(int32_t, output_channel_step) FIELD(int32_t, output_row_step) FIELD(int32_t, output_column_step)
WHIT_PARAMETERS(DepthwiseConv2dDspParameters, WHIT_DEPTHWISE_CONV2D_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

// One row of outputs of one channel. The asm reads the members at their offsets.
struct DepthwiseRow {
  const uint32_t *ring;
  int8_t *output;
  const uint32_t *weights;   // of slots 0, 1, 2: (w0, w1) and (w1, w2), six words
  int32_t columns;           // outputs in the row
  int32_t column_step;       // between outputs in memory
  int32_t bias, multiplier;  // then rounding and shift, for the exact form only
  int32_t rounding, shift;
};

// Registers: r0 ring, r1 output, r2 r3 values, r4-r9 weights, r10 r11 r12 lr sums.
#define WHIT_DEPTHWISE_ENTER                            \
  "push {r4-r11, lr}\n"                                 \
  WHIT_KEEP_ENTER                                       \
  "ldrd r2, r3, [r0, #12]\n"                            \
  WHIT_KEEP(2, r2) WHIT_KEEP(3, r3)                     \
  "ldrd r2, r3, [r0, #20]\n"                            \
  WHIT_KEEP(0, r2) WHIT_KEEP(1, r3)                     \
  "ldrd r2, r3, [r0, #28]\n"                            \
  WHIT_KEEP(4, r2) WHIT_KEEP(5, r3)                     \
  "ldr r2, [r0, #8]\n"                                  \
  "ldrd r0, r1, [r0]\n"                                 \
  "ldm r2, {r4-r9}\n"                                   \
  WHIT_RECALL(r2, 2)                                    \
  "subs r2, r2, #4\n"                                   \
  "blt 3f\n"                                            \
  ".balign 4\n"                                         \
  "2:\n" /* four outputs */                             \
  WHIT_KEEP(2, r2)                                      \
  WHIT_RECALL(r10, 0) WHIT_RECALL(r11, 0) WHIT_RECALL(r12, 0) WHIT_RECALL(lr, 0)

// The products of one slot for two and for four outputs, stride 1: values x0..x3 in r2, r3, then x4 x5 in r2.
#define WHIT_DEPTHWISE_TWO(low, first, second)  \
  "ldr r2, [r0, #" #low "]\n"                         \
  "ldr r3, [r0, #(" #low " + 12)]\n"                  \
  "smlad r10, r2, " #first ", r10\n"                  \
  "smlatb r11, r2, " #first ", r11\n"                 \
  "smlabt r10, r3, " #second ", r10\n"                \
  "smlad r11, r3, " #second ", r11\n"

#define WHIT_DEPTHWISE_FOUR(low, first, second) \
  WHIT_DEPTHWISE_TWO(low, first, second)      \
  "ldr r2, [r0, #(" #low " + 24)]\n"            \
  "smlad r12, r3, " #first ", r12\n"            \
  "smlatb lr, r3, " #first ", lr\n"             \
  "smlabt r12, r2, " #second ", r12\n"          \
  "smlad lr, r2, " #second ", lr\n"

// The same for stride 2: every output begins with a word of its own.
#define WHIT_DEPTHWISE_TWO_BY_2(low, first, second) \
  "ldr r2, [r0, #" #low "]\n"                       \
  "ldr r3, [r0, #(" #low " + 12)]\n"                \
  "smlad r10, r2, " #first ", r10\n"                \
  "ldr r2, [r0, #(" #low " + 24)]\n"                \
  "smlabt r10, r3, " #second ", r10\n"              \
  "smlad r11, r3, " #first ", r11\n"                \
  "smlabt r11, r2, " #second ", r11\n"

#define WHIT_DEPTHWISE_FOUR_BY_2(low, first, second) \
  WHIT_DEPTHWISE_TWO_BY_2(low, first, second)        \
  "ldr r3, [r0, #(" #low " + 36)]\n"                 \
  "smlad r12, r2, " #first ", r12\n"                 \
  "ldr r2, [r0, #(" #low " + 48)]\n"                 \
  "smlabt r12, r3, " #second ", r12\n"               \
  "smlad lr, r3, " #first ", lr\n"                   \
  "smlabt lr, r2, " #second ", lr\n"

#define WHIT_DEPTHWISE_PRODUCTS_1                                             \
  WHIT_DEPTHWISE_FOUR(0, r4, r5) WHIT_DEPTHWISE_FOUR(4, r6, r7) WHIT_DEPTHWISE_FOUR(8, r8, r9) \
  "add r0, r0, #24\n"
#define WHIT_DEPTHWISE_PAIR_1                                                 \
  WHIT_DEPTHWISE_TWO(0, r4, r5) WHIT_DEPTHWISE_TWO(4, r6, r7) WHIT_DEPTHWISE_TWO(8, r8, r9) \
  "add r0, r0, #12\n"
#define WHIT_DEPTHWISE_PRODUCTS_2                                             \
  WHIT_DEPTHWISE_FOUR_BY_2(0, r4, r5) WHIT_DEPTHWISE_FOUR_BY_2(4, r6, r7) WHIT_DEPTHWISE_FOUR_BY_2(8, r8, r9) \
  "add r0, r0, #48\n"
#define WHIT_DEPTHWISE_PAIR_2                                                 \
  WHIT_DEPTHWISE_TWO_BY_2(0, r4, r5) WHIT_DEPTHWISE_TWO_BY_2(4, r6, r7) WHIT_DEPTHWISE_TWO_BY_2(8, r8, r9) \
  "add r0, r0, #24\n"

#define WHIT_DEPTHWISE_REQUANTIZE_STEPS(sum) \
  "smmulr " #sum ", " #sum ", r2\n"          \
  "ssat " #sum ", #8, " #sum ", asr #9\n"

#define WHIT_DEPTHWISE_REQUANTIZE_EXACT(sum)          \
  "asr " #sum ", " #sum ", #7\n"                      \
  WHIT_RECALL(r3, 4)                                  \
  "add r3, r3, " #sum ", asr #31\n"                   \
  "smmlar " #sum ", " #sum ", r2, r3\n"               \
  WHIT_RECALL(r3, 5)                                  \
  "asr " #sum ", " #sum ", r3\n"                      \
  "ssat " #sum ", #8, " #sum "\n"

#define WHIT_DEPTHWISE_STORE_FOUR_TOGETHER \
  "bfi r10, r11, #8, #8\n"                 \
  "bfi r10, r12, #16, #8\n"                \
  "bfi r10, lr, #24, #8\n"                 \
  "str r10, [r1], #4\n"
#define WHIT_DEPTHWISE_STORE_TWO_TOGETHER \
  "bfi r10, r11, #8, #8\n"                \
  "strh r10, [r1], #2\n"

#define WHIT_DEPTHWISE_STORE_TWO_APART \
  WHIT_RECALL(r3, 3)                   \
  "strb r10, [r1]\n"                   \
  "strb r11, [r1, r3]\n"               \
  "add r1, r1, r3, lsl #1\n"
#define WHIT_DEPTHWISE_STORE_FOUR_APART \
  WHIT_RECALL(r3, 3)                    \
  "add r2, r1, r3, lsl #1\n"            \
  "strb r10, [r1]\n"                    \
  "strb r11, [r1, r3]\n"                \
  "strb r12, [r2]\n"                    \
  "strb lr, [r2, r3]\n"                 \
  "add r1, r2, r3, lsl #1\n"

#define WHIT_DEPTHWISE_ROW(products, pair, requantize, store_four, store_two)                                \
  ".syntax unified\n" WHIT_DEPTHWISE_ENTER products                                                          \
  WHIT_RECALL(r2, 1)                                                                                         \
  requantize(r10) requantize(r11) requantize(r12) requantize(lr)                                             \
  store_four                                                                                                 \
  WHIT_RECALL(r2, 2)                                                                                         \
  "subs r2, r2, #4\n"                                                                                        \
  "bge 2b\n"                                                                                                 \
  "3:\n" /* four more than the outputs left: none, one, two or three */                                      \
  "adds r2, r2, #4\n"                                                                                        \
  "beq 5f\n"                                                                                                 \
  "4:\n"                                                                                                     \
  WHIT_KEEP(2, r2)                                                                                           \
  WHIT_RECALL(r10, 0) WHIT_RECALL(r11, 0)                                                                    \
  pair                                                                                                       \
  WHIT_RECALL(r2, 1)                                                                                         \
  requantize(r10) requantize(r11)                                                                            \
  WHIT_RECALL(r2, 2)                                                                                         \
  "subs r2, r2, #2\n"                                                                                        \
  "blt 6f\n"                                                                                                 \
  store_two                                                                                                  \
  "bne 4b\n"                                                                                                 \
  "b 5f\n"                                                                                                   \
  "6: strb r10, [r1]\n"                                                                                      \
  "5:\n"                                                                                                     \
  WHIT_KEEP_LEAVE                                                                                            \
  "pop {r4-r11, pc}\n"

#define WHIT_DEFINE_DEPTHWISE_ROW(name, stride, requantize, place)                                     \
  static __attribute__((naked, noinline, unused)) void name(const DepthwiseRow *) {                    \
    __asm__ volatile(WHIT_DEPTHWISE_ROW(WHIT_DEPTHWISE_PRODUCTS_##stride, WHIT_DEPTHWISE_PAIR_##stride, \
                                        WHIT_DEPTHWISE_REQUANTIZE_##requantize,                        \
                                        WHIT_DEPTHWISE_STORE_FOUR_##place, WHIT_DEPTHWISE_STORE_TWO_##place)); \
  }

WHIT_DEFINE_DEPTHWISE_ROW(depthwise_row_1_steps_together, 1, STEPS, TOGETHER)
WHIT_DEFINE_DEPTHWISE_ROW(depthwise_row_1_steps_apart, 1, STEPS, APART)
WHIT_DEFINE_DEPTHWISE_ROW(depthwise_row_1_exact_together, 1, EXACT, TOGETHER)
WHIT_DEFINE_DEPTHWISE_ROW(depthwise_row_1_exact_apart, 1, EXACT, APART)
WHIT_DEFINE_DEPTHWISE_ROW(depthwise_row_2_steps_together, 2, STEPS, TOGETHER)
WHIT_DEFINE_DEPTHWISE_ROW(depthwise_row_2_steps_apart, 2, STEPS, APART)
WHIT_DEFINE_DEPTHWISE_ROW(depthwise_row_2_exact_together, 2, EXACT, TOGETHER)
WHIT_DEFINE_DEPTHWISE_ROW(depthwise_row_2_exact_apart, 2, EXACT, APART)

// The 16-bit value of column `index` in a slot.
WHIT_INLINE int16_t *ring_value(uint32_t *slot, int32_t index) {
  return reinterpret_cast<int16_t *>(slot) + (index >> 1) * 6 + (index & 1);
}

// Columns that lie side by side.
struct ReadTogether {
  WHIT_INLINE void widen(uint32_t *slot, const int8_t *from, int32_t columns, int32_t padding, int32_t) {
    int32_t column = 0;
    uint32_t *to = slot + 3 * (padding >> 1);
    if ((padding & 1) == 0)
      for (; column + 4 <= columns; column += 4, to += 6) {
        const uint32_t bytes = load_word(from + column);
        const uint32_t even = widen_even(bytes), odd = widen_odd(bytes);
        to[0] = join_low(even, odd);
        to[3] = join_high(even, odd);
      }
    else
      for (uint32_t last = *to; column + 4 <= columns; column += 4) {
        const uint32_t bytes = load_word(from + column);
        const uint32_t even = widen_even(bytes), odd = widen_odd(bytes);
        to[0] = join_low(column == 0 ? last : last >> 16, even);
        to[3] = join_halves(odd, even);
        last = odd;
        to += 6;
        *ring_value(to, 0) = static_cast<int16_t>(last >> 16);
      }
    for (; column < columns; ++column) *ring_value(slot, padding + column) = from[column];
  }
};

// Columns a step apart.
struct ReadApart {
  WHIT_INLINE void widen(uint32_t *slot, const int8_t *from, int32_t columns, int32_t padding, int32_t step) {
    int16_t *to = ring_value(slot, padding);
    int32_t advance = (padding & 1) == 0 ? 1 : 5;
    for (; columns > 0; --columns, from += step) {
      *to = *from;
      to += advance;
      advance = 6 - advance;
    }
  }
};

// The weights of the three rows as pairs (w0, w1) and (w1, w2) times 256, and the first two rows again: any three
// consecutive ones are a rotation.
WHIT_INLINE void widen_weights(uint32_t *to, const int8_t *weights) {
  for (int32_t row = 0; row < 3; ++row, weights += 3) {
    const uint32_t middle = static_cast<uint8_t>(weights[1]);
    to[2 * row] = static_cast<uint32_t>(static_cast<uint8_t>(weights[0])) << 8 | middle << 24;
    to[2 * row + 1] = middle << 8 | static_cast<uint32_t>(static_cast<uint8_t>(weights[2])) << 24;
  }
  for (int32_t word = 0; word < 4; ++word) to[6 + word] = to[word];
}

// `channels` holds bias and multiplier of each output channel, in the exact form also rounding and shift; `weights`
// nine values of each.
template <typename Read, int32_t words_per_channel, void (*compute_row)(const DepthwiseRow *)>
WHIT_KERNEL void depthwise_conv2d_dsp(const DepthwiseConv2dDspParameters *parameters, const int8_t *input,
                                      const int8_t *weights, const int32_t *channels, int8_t *output,
                                      int32_t *scratch) {
  const DepthwiseConv2dDspParameters &p = *parameters;
  uint32_t *ring = reinterpret_cast<uint32_t *>(scratch);
  uint32_t rotated[10];
  DepthwiseRow run;
  run.ring = ring;
  run.columns = p.output_columns;
  run.column_step = p.output_column_step;
  const uint32_t zeros = pair_of(p.input_zero);
  for (int32_t word = 0; word < p.ring_words; ++word) ring[word] = zeros;
  for (int32_t channel = 0; channel < p.channels; ++channel, weights += 9, channels += words_per_channel) {
    widen_weights(rotated, weights);
    run.bias = channels[0];
    run.multiplier = channels[1];
    if (words_per_channel == 4) {
      run.rounding = channels[2];
      run.shift = channels[3];
    }
    const int8_t *plane = input + channel / p.multiplier * p.input_channel_step;
    int32_t next = -p.padding_rows, slot = 0;  // the next row to widen, and where to
    for (int32_t row = 0; row < p.output_rows; ++row) {
      const int32_t top = row * p.stride_rows - p.padding_rows;
      for (; next < top + 3; ++next) {
        if (next >= 0 && next < p.input_rows)
          Read::widen(ring + slot, plane + next * p.input_row_step, p.input_columns, p.padding_columns,
                      p.input_column_step);
        else
          for (int32_t word = slot; word < p.ring_words; word += 3) ring[word] = zeros;
        slot = slot == 2 ? 0 : slot + 1;
      }
      // The window's first row lies in the slot that is filled next, so slot 0 holds window row (3 - slot) % 3.
      run.weights = rotated + 2 * (slot == 0 ? 0 : 3 - slot);
      run.output = output + channel * p.output_channel_step + row * p.output_row_step;
      compute_row(&run);
    }
  }
}

#endif

}  // namespace whit

#endif
