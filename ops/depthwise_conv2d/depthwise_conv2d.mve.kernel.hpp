// SPDX-License-Identifier: Apache-2.0
// depthwise_conv2d for cores with Helium, channel_last, any window, one output a channel.
//
// Sixteen channels at a time, two taps a step: products of bytes have 16 bits (even channels, odd channels), the sum of two
// still fits, and is widened into four vectors of 32-bit sums. Taps are found by their distance from the first one, which is
// the same for all pixels whose window lies inside; at the borders the list is made anew for each pixel and leads to a row of
// zero points where there is no data.
//
// Weights: for each 16 channels, 16 of one tap, 16 of the next; a last tap without partner is repeated with zeros.
// Records: channels 0 4 8 12, 2 6 10 14, 1 5 9 13, 3 7 11 15 of each 16.
#ifndef WHIT_OPS_DEPTHWISE_CONV2D_MVE_KERNEL_HPP
#define WHIT_OPS_DEPTHWISE_CONV2D_MVE_KERNEL_HPP

#include "device/core/vectors.mve.hpp"
#include "device/core/window.hpp"

namespace whit {

#define WHIT_DEPTHWISE_CONV2D_MVE_FIELDS(FIELD)                                                                  \
  WHIT_WINDOW_GEOMETRY(FIELD)                                                                                    \
  FIELD(int16_t, input_zero) FIELD(int16_t, output_zero) FIELD(int16_t, output_low) FIELD(int16_t, output_high) \
  FIELD(int16_t, tap_pairs)
WHIT_PARAMETERS(DepthwiseConv2dMveParameters, WHIT_DEPTHWISE_CONV2D_MVE_FIELDS)

#if defined(__ARM_FEATURE_MVE)

// Sums of 16 channels, in the order of the records.
struct SixteenSums {
  int32x4_t even_even, even_odd, odd_even, odd_odd;
};

// `at` is where the 16 channels of the first tap lie, `offsets` the distances of all taps, in pairs. The second tap is loaded
// twice, since its two products need the register of the first one.
#define WHIT_SUM_TAPS(load)                                                                                  \
  "vmov.i32 %q[a], #0\n\tvmov.i32 %q[b], #0\n\tvmov.i32 %q[c], #0\n\tvmov.i32 %q[d], #0\n\t"              \
  "dls lr, %[pairs]\n"                                                                                      \
  "1:\n\t"                                                                                                  \
  "ldrd %[first], %[second], [%[offsets]], #8\n\t"                                                          \
  "add %[first], %[first], %[at]\n\tadd %[second], %[second], %[at]\n\t"                                   \
  load " q4, [%[first]]\n\tvldrb.8 q5, [%[weights]], #16\n\tvmullb.s8 q6, q4, q5\n\t"                     \
  load " q7, [%[second]]\n\tvmullt.s8 q4, q4, q5\n\tvldrb.8 q5, [%[weights]], #16\n\t"                    \
  "vmullb.s8 q7, q7, q5\n\tvadd.i16 q6, q6, q7\n\t"                                                        \
  load " q7, [%[second]]\n\tvmullt.s8 q7, q7, q5\n\t"                                                      \
  "vmovlb.s16 q5, q6\n\tvadd.i16 q4, q4, q7\n\tvadd.i32 %q[a], %q[a], q5\n\t"                             \
  "vmovlt.s16 q6, q6\n\tvmovlb.s16 q7, q4\n\tvadd.i32 %q[b], %q[b], q6\n\t"                               \
  "vmovlt.s16 q4, q4\n\tvadd.i32 %q[c], %q[c], q7\n\tvadd.i32 %q[d], %q[d], q4\n\t"                       \
  "le lr, 1b"

#define WHIT_SUM_TAPS_OPERANDS                                                                               \
  : [a] "=&w"(sums.even_even), [b] "=&w"(sums.even_odd), [c] "=&w"(sums.odd_even), [d] "=&w"(sums.odd_odd),  \
    [offsets] "+&r"(offsets), [weights] "+&r"(weights), [first] "=&r"(first), [second] "=&r"(second)         \
  : [at] "r"(at), [pairs] "r"(pairs)

WHIT_INLINE SixteenSums sum_taps(const int8_t *at, const int32_t *offsets, int32_t pairs, const int8_t *weights) {
  SixteenSums sums;
  const int8_t *first, *second;
  __asm__ volatile(WHIT_SUM_TAPS("vldrb.8") WHIT_SUM_TAPS_OPERANDS : "lr", "q4", "q5", "q6", "q7", "memory");
  return sums;
}

// The same of fewer channels: no others are read.
WHIT_INLINE SixteenSums sum_taps_of(int32_t channels, const int8_t *at, const int32_t *offsets, int32_t pairs, const int8_t *weights) {
  SixteenSums sums;
  const int8_t *first, *second;
  __asm__ volatile("vctp.8 %[channels]\n\t" WHIT_SUM_TAPS("vpst\n\tvldrbt.8") WHIT_SUM_TAPS_OPERANDS, [channels] "r"(channels)
                   : "lr", "q4", "q5", "q6", "q7", "memory");
  return sums;
}

template <typename Form>
WHIT_INLINE int8x16_t sixteen_outputs(const SixteenSums &sums, const int32_t *record, const OutputRange &range) {
  int16x8_t even = vqmovnbq_s32(vdupq_n_s16(0), Form::outputs(sums.even_even, record, range));
  even = vqmovntq_s32(even, Form::outputs(sums.even_odd, record + Form::words, range));
  int16x8_t odd = vqmovnbq_s32(vdupq_n_s16(0), Form::outputs(sums.odd_even, record + 2 * Form::words, range));
  odd = vqmovntq_s32(odd, Form::outputs(sums.odd_odd, record + 3 * Form::words, range));
  return vqmovntq_s16(vqmovnbq_s16(vdupq_n_s8(0), even), odd);
}

template <typename Form>
WHIT_KERNEL void depthwise_pixel(const DepthwiseConv2dMveParameters &p, const int8_t *at, const int32_t *offsets, const int8_t *weights,
                                 const int32_t *record, int8_t *output) {
  const OutputRange range = {p.output_zero, p.output_low, p.output_high};
  int32_t left = p.input_channels;
  for (; left >= 16; left -= 16, at += 16, output += 16, weights += 32 * p.tap_pairs, record += 4 * Form::words)
    vstrbq_s8(output, sixteen_outputs<Form>(sum_taps(at, offsets, p.tap_pairs, weights), record, range));
  if (left == 0) return;
  const int8x16_t outputs = sixteen_outputs<Form>(sum_taps_of(left, at, offsets, p.tap_pairs, weights), record, range);
  vstrbq_p_s8(output, outputs, vctp8q(static_cast<uint32_t>(left)));
}

// Distances of the taps of the window at (top, left) from its first one. Where there is no data they lead to `zeros`, which
// is that far from the first one, too. Unsigned comparisons find both borders at once.
WHIT_KERNEL void list_taps(const DepthwiseConv2dMveParameters &p, int32_t top, int32_t left, int32_t zeros, int32_t *offsets) {
  const int32_t column_bytes = p.dilation_width * p.input_channels, row_bytes = p.dilation_height * p.input_width * p.input_channels;
  const uint32_t height = static_cast<uint32_t>(p.input_height), width = static_cast<uint32_t>(p.input_width);
  int32_t row = 0;
  for (int32_t ky = p.kernel_height; ky != 0; --ky, top += p.dilation_height, row += row_bytes) {
    const bool row_inside = static_cast<uint32_t>(top) < height;
    int32_t at = row, column = left;
    for (int32_t kx = p.kernel_width; kx != 0; --kx, column += p.dilation_width, at += column_bytes)
      *offsets++ = row_inside && static_cast<uint32_t>(column) < width ? at : zeros;
  }
  if (p.kernel_height * p.kernel_width % 2 != 0) *offsets = offsets[-1];  // the partner, whose weights are zeros
}

// `scratch`: a list of taps for windows inside, one for the others, and a pixel of zero points.
template <typename Form>
WHIT_KERNEL void depthwise_conv2d_mve(const DepthwiseConv2dMveParameters *parameters, const int8_t *input, const int8_t *weights,
                                      const int32_t *records, int8_t *output, int32_t *scratch) {
  const DepthwiseConv2dMveParameters &p = *parameters;
  int32_t *const inside = scratch, *const border = scratch + 2 * p.tap_pairs;
  int8_t *const zeros = reinterpret_cast<int8_t *>(scratch + 4 * p.tap_pairs);
  const int32_t last_row = p.input_height - 1 - (p.kernel_height - 1) * p.dilation_height;
  const int32_t last_column = p.input_width - 1 - (p.kernel_width - 1) * p.dilation_width;
  fill_bytes(zeros, p.input_zero, p.input_channels);
  bool knows_inside = false;
  for (int32_t y = 0; y < p.output_height; ++y)
    for (int32_t x = 0; x < p.output_width; ++x, output += p.input_channels) {
      const int32_t top = y * p.stride_height - p.padding_top, left = x * p.stride_width - p.padding_left;
      const bool is_inside = top >= 0 && top <= last_row && left >= 0 && left <= last_column;
      const int8_t *at = input + (top * p.input_width + left) * p.input_channels;
      const int32_t to_zeros = static_cast<int32_t>(reinterpret_cast<intptr_t>(zeros) - reinterpret_cast<intptr_t>(at));
      if (!is_inside || !knows_inside) list_taps(p, top, left, to_zeros, is_inside ? inside : border);
      knows_inside |= is_inside;
      depthwise_pixel<Form>(p, at, is_inside ? inside : border, weights, records, output);
    }
}

#endif

}  // namespace whit

#endif
