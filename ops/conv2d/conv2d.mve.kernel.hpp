// SPDX-License-Identifier: Apache-2.0
// conv2d for cores with Helium, channel_last.
//
// Two output pixels and two output channels at a time: four registers of 16 bytes (a piece of each pixel's window, a piece
// of each channel's weights) make four sums of 16 products, so that each load has one product to overlap with. Windows are
// read where they lie if they are single pixels, else copied into scratch, padding filled with the data's zero point.
//
// The weights of two channels alternate by 16; rows are padded to multiples of 16, channels to multiples of 4, and 16 bytes follow.
#ifndef WHIT_OPS_CONV2D_MVE_KERNEL_HPP
#define WHIT_OPS_CONV2D_MVE_KERNEL_HPP

#include "device/core/vectors.mve.hpp"
#include "device/core/window.hpp"

namespace whit {

#define WHIT_CONV2D_MVE_FIELDS(FIELD)                                                                            \
  WHIT_WINDOW_GEOMETRY(FIELD)                                                                                    \
  FIELD(int16_t, input_zero) FIELD(int16_t, output_zero) FIELD(int16_t, output_low) FIELD(int16_t, output_high) \
  FIELD(int32_t, depth) /* products of one output */
WHIT_PARAMETERS(Conv2dMveParameters, WHIT_CONV2D_MVE_FIELDS)

#if defined(__ARM_FEATURE_MVE)

// Two windows: where their bytes begin.
struct WindowPair {
  const int8_t *first, *second;
};

// The sums of two windows with the weights of two channels, which go to two lanes of `first` and `second`. The loop's last
// round takes the lanes that are left of `depth` alone. Each load stands between two products; the weights are read 16 bytes
// ahead, so that `weights` is 16 bytes ahead, too.
#define WHIT_CONVOLVE_TWO_CHANNELS(lane, other_lane)                                             \
  "mov %[at_first], %[window_first]\n\tmov %[at_second], %[window_second]\n\t"                   \
  "mov %[a], #0\n\tmov %[b], #0\n\tmov %[c], #0\n\tmov %[d], #0\n\t"                             \
  "vldrb.8 q2, [%[weights], #-16]\n\t"                                                          \
  "dlstp.8 lr, %[depth]\n"                                                                      \
  "1:\n\t"                                                                                      \
  "vldrb.8 q0, [%[at_first]], #16\n\tvmladava.s8 %[a], q0, q2\n\t"                             \
  "vldrb.8 q1, [%[at_second]], #16\n\tvmladava.s8 %[b], q1, q2\n\t"                            \
  "vldrb.8 q3, [%[weights]], #16\n\tvmladava.s8 %[c], q0, q3\n\t"                              \
  "vldrb.8 q2, [%[weights]], #16\n\tvmladava.s8 %[d], q1, q3\n\t"                              \
  "letp lr, 1b\n\t"                                                                             \
  "vmov %q[first][" other_lane "], %q[first][" lane "], %[a], %[c]\n\t"                          \
  "vmov %q[second][" other_lane "], %q[second][" lane "], %[b], %[d]\n\t"

// Four channels, whose weights come in the order 0 and 2, 1 and 3.
WHIT_INLINE void convolve_block(const WindowPair &at, const int8_t *&weights, int32_t depth, int32x4_t &first, int32x4_t &second) {
  const int8_t *at_first, *at_second;
  int32_t a, b, c, d;
  __asm__ volatile(WHIT_CONVOLVE_TWO_CHANNELS("0", "2") WHIT_CONVOLVE_TWO_CHANNELS("1", "3")
                   : [first] "=&w"(first), [second] "=&w"(second), [weights] "+&r"(weights), [at_first] "=&r"(at_first),
                     [at_second] "=&r"(at_second), [a] "=&Te"(a), [b] "=&Te"(b), [c] "=&Te"(c), [d] "=&Te"(d)
                   : [window_first] "r"(at.first), [window_second] "r"(at.second), [depth] "r"(depth)
                   : "lr", "q0", "q1", "q2", "q3", "memory");
}

// All output channels of two pixels; or of one, where both are the same and go to the same place.
template <typename Form>
WHIT_KERNEL void convolve_pair(const Conv2dMveParameters &p, const WindowPair &windows, const int8_t *weights, const int32_t *record,
                               int8_t *output) {
  const WindowPair at = windows;
  const OutputRange range = {p.output_zero, p.output_low, p.output_high};
  const int32_t depth = p.depth;
  int8_t *second_output = at.first == at.second ? output : output + p.output_channels;
  weights += 16;
  for (int32_t left = p.output_channels; left > 0; left -= 4, record += Form::words, output += 4, second_output += 4) {
    int32x4_t first, second;
    convolve_block(at, weights, depth, first, second);
    store_bytes(output, Form::clamped(first, record, range), left);
    store_bytes(second_output, Form::clamped(second, record, range), left);
  }
}

// 1 x 1 without stride and padding.
template <typename Form>
WHIT_KERNEL void conv2d_pointwise_mve(const Conv2dMveParameters *parameters, const int8_t *input, const int8_t *weights, const int32_t *records,
                                      int8_t *output) {
  const Conv2dMveParameters &p = *parameters;
  for (int32_t left = p.output_height * p.output_width; left > 0; left -= 2, input += 2 * p.depth, output += 2 * p.output_channels) {
    const WindowPair at = {input, left > 1 ? input + p.depth : input};
    convolve_pair<Form>(p, at, weights, records, output);
  }
}

// One row of a window: taps left of the image, inside, and right of it.
WHIT_KERNEL void copy_window_row(const Conv2dMveParameters &p, const int8_t *row, int32_t left, int8_t *to) {
  const int32_t channels = p.input_channels, taps = p.kernel_width;
  if (p.dilation_width == 1) {
    const int32_t before = left < 0 ? (-left < taps ? -left : taps) : 0;
    const int32_t end = left + taps > p.input_width ? p.input_width - left : taps;
    if (before != 0) fill_bytes(to, p.input_zero, before * channels);
    if (end > before) copy_bytes(to + before * channels, row + (left + before) * channels, (end - before) * channels);
    const int32_t after = end > before ? end : before;
    if (after < taps) fill_bytes(to + after * channels, p.input_zero, (taps - after) * channels);
  } else {
    for (int32_t tap = 0; tap < taps; ++tap) {
      const int32_t column = left + tap * p.dilation_width;
      int8_t *at = to + tap * channels;
      if (column < 0 || column >= p.input_width) {
        fill_bytes(at, p.input_zero, channels);
      } else {
        copy_bytes(at, row + column * channels, channels);
      }
    }
  }
}

// The window whose first tap is at (row, left).
WHIT_KERNEL void copy_window(const Conv2dMveParameters &p, const int8_t *input, int32_t row, int32_t left, int8_t *to) {
  const int32_t taps = p.kernel_width, row_bytes = taps * p.input_channels;
  const int32_t input_bytes = p.input_width * p.input_channels, step = p.dilation_height * input_bytes;
  const bool columns_inside = left >= 0 && left + taps <= p.input_width && p.dilation_width == 1;
  const int8_t *from = input + row * input_bytes;
  for (int32_t tap = p.kernel_height; tap != 0; --tap, row += p.dilation_height, from += step, to += row_bytes) {
    if (static_cast<uint32_t>(row) >= static_cast<uint32_t>(p.input_height)) {
      fill_bytes(to, p.input_zero, row_bytes);
    } else if (columns_inside) {
      copy_bytes(to, from + left * p.input_channels, row_bytes);
    } else {
      copy_window_row(p, from, left, to);
    }
  }
}

// `scratch` holds two windows.
template <typename Form>
WHIT_KERNEL void conv2d_mve(const Conv2dMveParameters *parameters, const int8_t *input, const int8_t *weights, const int32_t *records,
                            int8_t *output, int8_t *scratch) {
  const Conv2dMveParameters &p = *parameters;
  int32_t y = 0, x = 0;
  for (int32_t left = p.output_height * p.output_width; left > 0; left -= 2, output += 2 * p.output_channels) {
    WindowPair at = {scratch, scratch};
    for (int32_t pixel = 0; pixel < (left > 1 ? 2 : 1); ++pixel) {
      copy_window(p, input, y * p.stride_height - p.padding_top, x * p.stride_width - p.padding_left, scratch + pixel * p.depth);
      if (++x == p.output_width) {
        x = 0;
        ++y;
      }
      at.second = scratch + pixel * p.depth;
    }
    convolve_pair<Form>(p, at, weights, records, output);
  }
}

#endif

}  // namespace whit

#endif
