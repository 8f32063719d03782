// SPDX-License-Identifier: Apache-2.0
// depthwise_conv2d with a 3x3 window for cores with a fast 32-bit multiplier and no DSP instructions, channel by
// channel: two neighbouring outputs of a row in the halves of each word (device/core/paired.hpp).
//
// The three rows of input that a row of outputs needs lie in scratch: three words a column, one for each slot, a row of
// the input in slot (row + padding) % 3; each word holds the column's value and the one that the next output finds
// there. So every row is read once, and the nine words of a window are neighbours. The weights of the channel are
// turned with the slots, in words. Every column of a window is a run; where its three weights' magnitudes sum to more
// than 255 the channel has two sets of weights, whose sum is the weights, and each window is added up twice.
//
// Rows and columns may be exchanged by the host (planes that are narrow and tall): everything is counted by steps.
#ifndef WHIT_OPS_DEPTHWISE_CONV2D_PAIRED_KERNEL_HPP
#define WHIT_OPS_DEPTHWISE_CONV2D_PAIRED_KERNEL_HPP

#include "device/core/paired.hpp"

namespace whit {

#define WHIT_DEPTHWISE_CONV2D_PAIRED_FIELDS(FIELD)                                                               \
  FIELD(int16_t, channels) FIELD(int16_t, multiplier)                                                            \
  FIELD(int16_t, input_rows) FIELD(int16_t, input_columns) FIELD(int16_t, output_rows) FIELD(int16_t, output_columns) \
  FIELD(int16_t, stride_rows) FIELD(int16_t, stride_columns)                                                     \
  FIELD(int16_t, padding_rows) FIELD(int16_t, padding_columns) FIELD(int16_t, input_zero)                        \
  FIELD(int32_t, input_channel_step) FIELD(int32_t, input_row_step) FIELD(int32_t, input_column_step)            \
  FIELD(int32_t, output_channel_step) FIELD(int32_t, output_row_step) FIELD(int32_t, output_column_step)
WHIT_PARAMETERS(DepthwiseConv2dPairedParameters, WHIT_DEPTHWISE_CONV2D_PAIRED_FIELDS)

// One channel's constants.
struct PairedDepthwiseChannel {
  PairedRequantize requantize;
  int32_t sets;  // of nine weights: one or two
};

// A row of outputs. The asm reads the members at their offsets.
struct PairedDepthwiseRow {
  const uint32_t *columns;
  const int32_t *weights;  // in the order of the words of a window, set after set
  const int32_t *weights_end;
  const PairedRequantize *requantize;
  int32_t outputs;         // at least 1
  int32_t pair_bytes;      // between the windows of two pairs of outputs
  int8_t *output;
  int32_t output_step;
};

#if defined(__ARM_ARCH_6M__)

// Registers: r8 r9 wide sums, r10 r11 begin and end of the weights, r12 window. Stack: requantisation, outputs left,
// bytes between pairs, output, its step (none for the second pixel of a single output, which the first overwrites).
#define WHIT_PAIRED_DEPTHWISE_COLUMN                                                                       \
  "ldm r4!, {r0, r1, r2}\n ldm r5!, {r3, r6, r7}\n muls r0, r3\n muls r1, r6\n muls r2, r7\n"              \
  "adds r0, r0, r1\n adds r0, r0, r2\n" WHIT_PAIRED_SPILL("r0", "r8", "r9")

static __attribute__((naked, noinline, unused)) void paired_depthwise_row(const PairedDepthwiseRow *) {
  __asm__ volatile(
      ".syntax unified\n"
      "push {r4-r7, lr}\n mov r4, r8\n mov r5, r9\n mov r6, r10\n mov r7, r11\n push {r4-r7}\n sub sp, #20\n"
      "ldm r0!, {r1, r2, r3, r4}\n mov r12, r1\n mov r10, r2\n mov r11, r3\n"
      "mov r5, sp\n stm r5!, {r4}\n ldm r0!, {r1, r2, r3, r4}\n stm r5!, {r1, r2, r3, r4}\n"
      WHIT_PAIRED_ENTER
      "ldr r1, [sp, #4]\n cmp r1, #1\n bne 1f\n movs r0, #0\n str r0, [sp, #16]\n"
      "1:\n" /* a pair of outputs */
      "mov r4, r12\n mov r5, r10\n movs r0, #0\n mov r8, r0\n mov r9, r0\n"
      "2:\n" /* a set of weights */
      WHIT_PAIRED_DEPTHWISE_COLUMN WHIT_PAIRED_DEPTHWISE_COLUMN WHIT_PAIRED_DEPTHWISE_COLUMN
      "cmp r5, r11\n bne 5f\n"
      "ldr r7, [sp]\n ldm r7!, {r3, r4, r5, r6}\n"
      WHIT_PAIRED_SECOND_SUM("r8", "r9")
      WHIT_PAIRED_REQUANTIZE("31f", "21")
      "ldr r0, [sp, #12]\n ldr r1, [sp, #16]\n strb r2, [r0, r1]\n"
      "mov r0, r8\n"
      WHIT_PAIRED_REQUANTIZE("32f", "22")
      "ldr r0, [sp, #12]\n ldr r1, [sp, #16]\n strb r2, [r0]\n adds r0, r0, r1\n adds r0, r0, r1\n str r0, [sp, #12]\n"
      "ldr r0, [sp, #4]\n subs r0, #2\n ble 4f\n str r0, [sp, #4]\n ldr r1, [sp, #8]\n add r12, r1\n"
      "cmp r0, #1\n bne 1b\n movs r0, #0\n str r0, [sp, #16]\n b 1b\n"
      "5: subs r4, #36\n b 2b\n"
      WHIT_PAIRED_SATURATE("31", "21") WHIT_PAIRED_SATURATE("32", "22")
      "4:\n"
      "add sp, #20\n pop {r4-r7}\n mov r8, r4\n mov r9, r5\n mov r10, r6\n mov r11, r7\n pop {r4-r7, pc}\n");
}

#else

WHIT_INLINE PairedSums paired_window(const uint32_t *window, const int32_t *weights, const int32_t *weights_end) {
  PairedSums sums = {0, 0};
  for (; weights != weights_end; weights += 9)
    for (int32_t column = 0; column < 9; column += 3) {
      const uint32_t *pair = window + column;
      const int32_t *weight = weights + column;
      spill_pair(sums, add_paired(add_paired(add_paired(0, pair[0], weight[0]), pair[1], weight[1]), pair[2], weight[2]));
    }
  return sums;
}

WHIT_KERNEL void paired_depthwise_row(const PairedDepthwiseRow *row) {
  int8_t *output = row->output;
  const uint32_t *window = row->columns;
  for (int32_t left = row->outputs; left > 0; left -= 2, window += row->pair_bytes / 4) {
    const PairedSums sums = paired_window(window, row->weights, row->weights_end);
    *output = requantize_sum(*row->requantize, first_sum(sums));
    output += row->output_step;
    if (left == 1) break;
    *output = requantize_sum(*row->requantize, second_sum(sums));
    output += row->output_step;
  }
}

#endif

// Writes a slot's words from the values one by one: each word gets the value `stride` (1 or 2) after its own.
struct PairedSlot {
  uint32_t *to;
  int32_t before, last;

  WHIT_INLINE void add(PairedSlot &slot, int32_t value, bool stride_2) {
    *slot.to = pair_of_values(slot.before, value);
    slot.to += 3;
    slot.before = stride_2 ? slot.last : value;
    slot.last = value;
  }
};

// The row `from` of the input (null: of the padding) to the slot whose word of column 0 is `slot`: `words` words. As
// many as the stride in front of it are written, too.
template <bool stride_2>
WHIT_INLINE void fill_paired_slot(const DepthwiseConv2dPairedParameters &p, uint32_t *slot, const int8_t *from,
                                  int32_t words) {
  const int32_t zero = p.input_zero, step = p.input_column_step;
  int32_t values = words + (stride_2 ? 2 : 1);
  PairedSlot fill = {slot - (stride_2 ? 6 : 3), 0, 0};
  if (from != nullptr) {
    int32_t inside = values - p.padding_columns < p.input_columns ? values - p.padding_columns : p.input_columns;
    values -= p.padding_columns + inside;
    for (int32_t left = p.padding_columns; left > 0; --left) PairedSlot::add(fill, zero, stride_2);
    for (; inside > 0; --inside, from += step) PairedSlot::add(fill, *from, stride_2);
  }
  for (; values > 0; --values) PairedSlot::add(fill, zero, stride_2);
}

// Sets of nine weights, column by column of the window, to words in the order of slots; row 0 lies in slot `phase`.
WHIT_INLINE int32_t *turn_weights(int32_t *to, const int8_t *weights, int32_t sets, int32_t phase) {
  const int32_t first = phase == 0 ? 0 : 3 - phase, second = first == 2 ? 0 : first + 1, third = 3 - first - second;
  for (int32_t column = 0; column < 3 * sets; ++column, weights += 3, to += 3) {
    to[0] = weights[first];
    to[1] = weights[second];
    to[2] = weights[third];
  }
  return to;
}

template <bool stride_2>
WHIT_KERNEL void depthwise_conv2d_paired(const DepthwiseConv2dPairedParameters *parameters, const int8_t *input,
                                         const int8_t *weights, const int32_t *channels, int8_t *output,
                                         int32_t *scratch) {
  const DepthwiseConv2dPairedParameters &p = *parameters;
  uint32_t *const slots = reinterpret_cast<uint32_t *>(scratch) + 18 + 6;
  const int32_t pairs = (p.output_columns + 1) / 2, words = (pairs - 1) * 2 * p.stride_columns + 3;
  const PairedDepthwiseChannel *channel = reinterpret_cast<const PairedDepthwiseChannel *>(channels);
  PairedDepthwiseRow row;
  row.columns = slots;
  row.weights = scratch;
  row.pair_bytes = 2 * 3 * 4 * p.stride_columns;
  row.outputs = p.output_columns;
  row.output_step = p.output_column_step;
  int32_t copy = 0;
  for (int32_t out = 0; out < p.channels; ++out, ++channel) {
    row.requantize = &channel->requantize;
    int32_t filled = 0, phase = 0;  // rows count from the first of the padding
    uint32_t *slot = slots;
    row.output = output;
    int8_t *line = output;
    for (int32_t y = 0, top = 0; y < p.output_rows; ++y, top += p.stride_rows, line += p.output_row_step) {
      for (; filled < top + 3; ++filled) {
        const int32_t line_in = filled - p.padding_rows;
        if (filled >= top)
          fill_paired_slot<stride_2>(
              p, slot, line_in >= 0 && line_in < p.input_rows ? input + line_in * p.input_row_step : nullptr, words);
        slot = slot == slots + 2 ? slots : slot + 1;
      }
      row.weights_end = turn_weights(scratch, weights, channel->sets, phase);
      row.output = line;
      paired_depthwise_row(&row);
      for (phase += p.stride_rows; phase >= 3;) phase -= 3;
    }
    weights += 9 * channel->sets;
    output += p.output_channel_step;
    if (++copy == p.multiplier) {
      copy = 0;
      input += p.input_channel_step;
    }
  }
}

}  // namespace whit

#endif
