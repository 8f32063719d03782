// SPDX-License-Identifier: Apache-2.0
// depthwise_conv2d with a 3x3 window for cores with DSP instructions, channel by channel, input and output in either
// layout.
//
// Up to eight rows of the input, widened to 16 bits with their padding, lie in scratch in slots: word 8 k + s holds the
// k-th pair of columns of the row in slot s. So one pointer reaches all nine values of a window by literal offsets, and
// the next row of windows lies four bytes further. Two multiply instructions make the three products of a row; four
// outputs are computed at a time. Weights are multiplied by 256: ops/dsp_requantize.hpp says why.
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
  FIELD(int16_t, pairs) FIELD(int16_t, input_zero)                                                          \
  FIELD(int32_t, input_channel_step) FIELD(int32_t, input_row_step) FIELD(int32_t, input_column_step)            \
  FIELD(int32_t, output_channel_step) FIELD(int32_t, output_row_step) FIELD(int32_t, output_column_step)
WHIT_PARAMETERS(DepthwiseConv2dDspParameters, WHIT_DEPTHWISE_CONV2D_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

// Rows of outputs of one channel whose inputs are in the slots. The asm reads the members at their offsets.
struct DepthwiseRows {
  const uint32_t *slots;
  int8_t *output;
  const uint32_t *weights;   // (w0, w1) and (w1, w2) of each of three rows
  int32_t rows;
  int32_t columns;           // outputs in a row
  int32_t column_step;       // between outputs in memory
  int32_t bias, multiplier;
  int32_t rounding, shift;   // for the exact form only
  int32_t row_step;          // between rows of outputs in memory
  int32_t slot_step;         // between the slots of the windows of two rows, in bytes
};

// Registers: r0 slots, r1 output, r2 r3 values, r4-r9 weights, r10 r11 r12 lr sums.
#define WHIT_DEPTHWISE_ENTER                            \
  "push {r4-r11, lr}\n"                                 \
  WHIT_KEEP_ENTER                                       \
  "ldrd r2, r3, [r0, #12]\n"                            \
  WHIT_KEEP(6, r2) WHIT_KEEP(7, r3)                     \
  "ldrd r2, r3, [r0, #20]\n"                            \
  WHIT_KEEP(3, r2) WHIT_KEEP(0, r3)                     \
  "ldrd r2, r3, [r0, #28]\n"                            \
  WHIT_KEEP(1, r2) WHIT_KEEP(4, r3)                     \
  "ldrd r2, r3, [r0, #36]\n"                            \
  WHIT_KEEP(5, r2) WHIT_KEEP(8, r3)                     \
  "ldrd r2, r3, [r0, #40]\n"                            \
  WHIT_KEEP(9, r3)                                      \
  "ldr r2, [r0, #8]\n"                                  \
  "ldrd r0, r1, [r0]\n"                                 \
  "ldm r2, {r4-r9}\n"                                   \
  "1:\n" /* a row */                                    \
  WHIT_KEEP(10, r0) WHIT_KEEP(11, r1)                   \
  WHIT_RECALL(r2, 7)                                    \
  "subs r2, r2, #4\n"                                   \
  "blt 3f\n"                                            \
  ".balign 4\n"                                         \
  "2:\n" /* four outputs */                             \
  WHIT_KEEP(2, r2)                                      \
  WHIT_RECALL(r10, 0) WHIT_RECALL(r11, 0) WHIT_RECALL(r12, 0) WHIT_RECALL(lr, 0)

// The products of one slot for two and for four outputs, stride 1: values x0..x3 in r2, r3, then x4 x5 in r2.
#define WHIT_DEPTHWISE_TWO(low, first, second)  \
  "ldr r2, [r0, #" #low "]\n"                         \
  "ldr r3, [r0, #(" #low " + 32)]\n"                  \
  "smlad r10, r2, " #first ", r10\n"                  \
  "smlatb r11, r2, " #first ", r11\n"                 \
  "smlabt r10, r3, " #second ", r10\n"                \
  "smlad r11, r3, " #second ", r11\n"

#define WHIT_DEPTHWISE_FOUR(low, first, second) \
  WHIT_DEPTHWISE_TWO(low, first, second)      \
  "ldr r2, [r0, #(" #low " + 64)]\n"            \
  "smlad r12, r3, " #first ", r12\n"            \
  "smlatb lr, r3, " #first ", lr\n"             \
  "smlabt r12, r2, " #second ", r12\n"          \
  "smlad lr, r2, " #second ", lr\n"

// The same for stride 2: every output begins with a word of its own.
#define WHIT_DEPTHWISE_TWO_BY_2(low, first, second) \
  "ldr r2, [r0, #" #low "]\n"                       \
  "ldr r3, [r0, #(" #low " + 32)]\n"                \
  "smlad r10, r2, " #first ", r10\n"                \
  "ldr r2, [r0, #(" #low " + 64)]\n"                \
  "smlabt r10, r3, " #second ", r10\n"              \
  "smlad r11, r3, " #first ", r11\n"                \
  "smlabt r11, r2, " #second ", r11\n"

#define WHIT_DEPTHWISE_FOUR_BY_2(low, first, second) \
  WHIT_DEPTHWISE_TWO_BY_2(low, first, second)        \
  "ldr r3, [r0, #(" #low " + 96)]\n"                 \
  "smlad r12, r2, " #first ", r12\n"                 \
  "ldr r2, [r0, #(" #low " + 128)]\n"                 \
  "smlabt r12, r3, " #second ", r12\n"               \
  "smlad lr, r3, " #first ", lr\n"                   \
  "smlabt lr, r2, " #second ", lr\n"

#define WHIT_DEPTHWISE_PRODUCTS_1                                             \
  WHIT_DEPTHWISE_FOUR(0, r4, r5) WHIT_DEPTHWISE_FOUR(4, r6, r7) WHIT_DEPTHWISE_FOUR(8, r8, r9) \
  "add r0, r0, #64\n"
#define WHIT_DEPTHWISE_PAIR_1                                                 \
  WHIT_DEPTHWISE_TWO(0, r4, r5) WHIT_DEPTHWISE_TWO(4, r6, r7) WHIT_DEPTHWISE_TWO(8, r8, r9) \
  "add r0, r0, #32\n"
#define WHIT_DEPTHWISE_PRODUCTS_2                                             \
  WHIT_DEPTHWISE_FOUR_BY_2(0, r4, r5) WHIT_DEPTHWISE_FOUR_BY_2(4, r6, r7) WHIT_DEPTHWISE_FOUR_BY_2(8, r8, r9) \
  "add r0, r0, #128\n"
#define WHIT_DEPTHWISE_PAIR_2                                                 \
  WHIT_DEPTHWISE_TWO_BY_2(0, r4, r5) WHIT_DEPTHWISE_TWO_BY_2(4, r6, r7) WHIT_DEPTHWISE_TWO_BY_2(8, r8, r9) \
  "add r0, r0, #64\n"

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

#define WHIT_DEPTHWISE_ROWS(products, pair, requantize, store_four, store_two)                                \
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
  WHIT_RECALL(r2, 6) WHIT_RECALL(r0, 10) WHIT_RECALL(r1, 11)                                                 \
  "subs r2, r2, #1\n"                                                                                        \
  "beq 7f\n"                                                                                                 \
  WHIT_KEEP(6, r2)                                                                                           \
  WHIT_RECALL(r2, 9) WHIT_RECALL(r3, 8)                                                                      \
  "add r0, r0, r2\n"                                                                                         \
  "add r1, r1, r3\n"                                                                                         \
  "b 1b\n"                                                                                                   \
  "7:\n"                                                                                                     \
  WHIT_KEEP_LEAVE                                                                                            \
  "pop {r4-r11, pc}\n"

#define WHIT_DEFINE_DEPTHWISE_ROWS(name, stride, requantize, place)                                     \
  static __attribute__((naked, noinline, unused)) void name(const DepthwiseRows *) {                    \
    __asm__ volatile(WHIT_DEPTHWISE_ROWS(WHIT_DEPTHWISE_PRODUCTS_##stride, WHIT_DEPTHWISE_PAIR_##stride, \
                                        WHIT_DEPTHWISE_REQUANTIZE_##requantize,                        \
                                        WHIT_DEPTHWISE_STORE_FOUR_##place, WHIT_DEPTHWISE_STORE_TWO_##place)); \
  }

WHIT_DEFINE_DEPTHWISE_ROWS(depthwise_rows_1_steps_together, 1, STEPS, TOGETHER)
WHIT_DEFINE_DEPTHWISE_ROWS(depthwise_rows_1_steps_apart, 1, STEPS, APART)
WHIT_DEFINE_DEPTHWISE_ROWS(depthwise_rows_1_exact_together, 1, EXACT, TOGETHER)
WHIT_DEFINE_DEPTHWISE_ROWS(depthwise_rows_1_exact_apart, 1, EXACT, APART)
WHIT_DEFINE_DEPTHWISE_ROWS(depthwise_rows_2_steps_together, 2, STEPS, TOGETHER)
WHIT_DEFINE_DEPTHWISE_ROWS(depthwise_rows_2_steps_apart, 2, STEPS, APART)
WHIT_DEFINE_DEPTHWISE_ROWS(depthwise_rows_2_exact_together, 2, EXACT, TOGETHER)
WHIT_DEFINE_DEPTHWISE_ROWS(depthwise_rows_2_exact_apart, 2, EXACT, APART)

// The 16-bit value of column `index` in a slot.
WHIT_INLINE int16_t *slot_value(uint32_t *slot, int32_t index) {
  return reinterpret_cast<int16_t *>(slot) + (index >> 1) * 16 + (index & 1);
}

// Columns that lie side by side, the first of them even in its slot.
struct ReadEven {
  WHIT_INLINE void widen_four(uint32_t *to, uint32_t bytes) {
    const uint32_t even = widen_even(bytes), odd = widen_odd(bytes);
    to[0] = join_low(even, odd);
    to[8] = join_high(even, odd);
  }

  WHIT_INLINE void widen(uint32_t *to, const int8_t *from, int32_t columns, int32_t) {
    for (; columns >= 8; columns -= 8, from += 8, to += 32) {
      const uint32_t first = load_word(from), second = load_word(from + 4);
      widen_four(to, first);
      widen_four(to + 16, second);
    }
    if (columns >= 4) {
      widen_four(to, load_word(from));
      columns -= 4, from += 4, to += 16;
    }
    for (int32_t index = 0; index < columns; ++index) *slot_value(to, index) = from[index];
  }
};

// Columns that lie side by side, the first of them odd in its slot.
struct ReadOdd {
  // Returns the last column, which the next word begins with.
  WHIT_INLINE uint32_t widen_four(uint32_t *to, uint32_t before, uint32_t bytes) {
    const uint32_t even = widen_even(bytes), odd = widen_odd(bytes);
    to[0] = join_low(before, even);
    to[8] = join_halves(odd, even);
    return odd >> 16;
  }

  WHIT_INLINE void widen(uint32_t *to, const int8_t *from, int32_t columns, int32_t) {
    uint32_t before = *to;
    for (; columns >= 8; columns -= 8, from += 8, to += 32) {
      const uint32_t first = load_word(from), second = load_word(from + 4);
      before = widen_four(to, before, first);
      before = widen_four(to + 16, before, second);
    }
    if (columns >= 4) {
      before = widen_four(to, before, load_word(from));
      columns -= 4, from += 4, to += 16;
    }
    *slot_value(to, 0) = static_cast<int16_t>(before);
    for (int32_t index = 0; index < columns; ++index) *slot_value(to, index + 1) = from[index];
  }
};

// Columns a step apart, the first of them even in its slot.
struct ReadApartEven {
  WHIT_INLINE void widen(uint32_t *to, const int8_t *from, int32_t columns, int32_t step) {
    for (; columns >= 4; columns -= 4, to += 16) {
      const int8_t *next = from + 2 * step;
      to[0] = join_low(static_cast<uint32_t>(from[0]), static_cast<uint32_t>(from[step]));
      to[8] = join_low(static_cast<uint32_t>(next[0]), static_cast<uint32_t>(next[step]));
      from = next + 2 * step;
    }
    for (int32_t index = 0; index < columns; ++index, from += step) *slot_value(to, index) = *from;
  }
};

// The same, the first of them odd.
struct ReadApartOdd {
  WHIT_INLINE void widen(uint32_t *to, const int8_t *from, int32_t columns, int32_t step) {
    if (columns == 0) return;
    *slot_value(to, 1) = *from;
    ReadApartEven::widen(to + 8, from + step, columns - 1, step);
  }
};

// The weights of three rows as pairs (w0, w1) and (w1, w2) times 256.
WHIT_INLINE void widen_weights(uint32_t *to, const int8_t *weights) {
  for (int32_t row = 0; row < 3; ++row, weights += 3) {
    const uint32_t middle = static_cast<uint8_t>(weights[1]);
    *to++ = static_cast<uint32_t>(static_cast<uint8_t>(weights[0])) << 8 | middle << 24;
    *to++ = middle << 8 | static_cast<uint32_t>(static_cast<uint8_t>(weights[2])) << 24;
  }
}

// Moves `count` slots, at most two, from `first` on to the first slots.
WHIT_INLINE void move_slots(uint32_t *slots, int32_t first, int32_t count, int32_t pairs) {
  if (count == 0) return;
  for (; pairs > 0; --pairs, slots += 8) {
    const uint32_t upper = slots[first], lower = slots[first + 1];
    slots[0] = upper;
    slots[1] = lower;  // of a slot that is filled anew where count is one
  }
}

WHIT_INLINE void fill_slot(uint32_t *slot, uint32_t value, int32_t pairs) {
  for (; pairs > 0; --pairs, slot += 8) *slot = value;
}

// `channels` holds bias and multiplier of each output channel, in the exact form also rounding and shift; `weights`
// nine values of each.
// The form's own parts come by address, so that the loops stand once in an image.
struct RowSource {
  int32_t columns, column_step, row_step;
};
typedef void WidenFunction(uint32_t *slot, const int8_t *from, int32_t rows, const RowSource &source);
typedef void RowsFunction(const DepthwiseRows *);

template <typename Read>
WHIT_KERNEL void widen_rows(uint32_t *slot, const int8_t *from, int32_t rows, const RowSource &source) {
  const int32_t columns = source.columns, column_step = source.column_step;
  for (; rows > 0; --rows, ++slot, from += source.row_step) Read::widen(slot, from, columns, column_step);
}

// Slots `first` to `last` (not included), which hold rows from `top + first` on; rows outside become padding.
WHIT_INLINE void fill_slots(WidenFunction *widen, const DepthwiseConv2dDspParameters &p, uint32_t *slots,
                            const int8_t *plane, int32_t top, int32_t first, int32_t last) {
  const uint32_t zeros = pair_of(p.input_zero);
  const RowSource source = {p.input_columns, p.input_column_step, p.input_row_step};
  for (; first < last && top + first < 0; ++first) fill_slot(slots + first, zeros, p.pairs);
  int32_t inside = last;
  for (; inside > first && top + inside > p.input_rows; --inside) fill_slot(slots + inside - 1, zeros, p.pairs);
  if (first < inside)
    widen(slots + 8 * (p.padding_columns >> 1) + first, plane + (top + first) * p.input_row_step, inside - first, source);
}

WHIT_KERNEL void depthwise_conv2d_with(WidenFunction *widen, int32_t words_per_channel, RowsFunction *compute_rows,
                                       const DepthwiseConv2dDspParameters *parameters, const int8_t *input,
                                       const int8_t *weights, const int32_t *channels, int8_t *output,
                                       int32_t *scratch) {
  const DepthwiseConv2dDspParameters &p = *parameters;
  uint32_t *slots = reinterpret_cast<uint32_t *>(scratch);
  uint32_t wide_weights[6];
  DepthwiseRows run;
  run.slots = slots;
  run.weights = wide_weights;
  run.columns = p.output_columns;
  run.column_step = p.output_column_step;
  run.row_step = p.output_row_step;
  run.slot_step = 4 * p.stride_rows;
  const int32_t batch = (8 - 3) / p.stride_rows + 1;  // rows of outputs from eight slots
  const uint32_t zeros = pair_of(p.input_zero);
  for (int32_t slot = 0; slot < 8; ++slot) fill_slot(slots + slot, zeros, p.pairs);
  for (int32_t channel = 0; channel < p.channels; ++channel, weights += 9, channels += words_per_channel) {
    widen_weights(wide_weights, weights);
    run.bias = channels[0];
    run.multiplier = channels[1];
    if (words_per_channel == 4) {
      run.rounding = channels[2];
      run.shift = channels[3];
    }
    const int8_t *plane = input + channel / p.multiplier * p.input_channel_step;
    run.output = output + channel * p.output_channel_step;
    int32_t filled = 0;  // slots that hold rows of this batch already
    for (int32_t row = 0; row < p.output_rows; row += batch) {
      run.rows = p.output_rows - row < batch ? p.output_rows - row : batch;
      const int32_t top = row * p.stride_rows - p.padding_rows;
      const int32_t needed = (run.rows - 1) * p.stride_rows + 3;
      fill_slots(widen, p, slots, plane, top, filled, needed);
      compute_rows(&run);
      run.output += batch * p.output_row_step;
      const int32_t next = batch * p.stride_rows;  // the slot of the next batch's first row
      filled = needed > next ? needed - next : 0;
      if (row + batch < p.output_rows) move_slots(slots, next, filled, p.pairs);
    }
  }
}

template <typename Read, int32_t words_per_channel, RowsFunction *compute_rows>
WHIT_INLINE void depthwise_conv2d_dsp(const DepthwiseConv2dDspParameters *parameters, const int8_t *input,
                                      const int8_t *weights, const int32_t *channels, int8_t *output,
                                      int32_t *scratch) {
  depthwise_conv2d_with(&widen_rows<Read>, words_per_channel, compute_rows, parameters, input, weights, channels, output,
                        scratch);
}

#endif

}  // namespace whit

#endif
