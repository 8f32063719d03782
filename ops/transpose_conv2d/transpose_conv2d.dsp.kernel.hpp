// SPDX-License-Identifier: Apache-2.0
// transpose_conv2d on int8 for cores with DSP instructions: the taps that meet an output pixel are every stride-th of the
// window, so the first is found by division and the others by steps. Two output channels at once.
#ifndef WHIT_OPS_TRANSPOSE_CONV2D_DSP_KERNEL_HPP
#define WHIT_OPS_TRANSPOSE_CONV2D_DSP_KERNEL_HPP

#include "device/core/dot.dsp.hpp"
#include "device/core/requantize.hpp"

namespace whit {

#define WHIT_TRANSPOSE_CONV2D_DSP_FIELDS(FIELD)                                              \
  FIELD(int16_t, input_height) FIELD(int16_t, input_width) FIELD(int16_t, input_channels)    \
  FIELD(int16_t, output_height) FIELD(int16_t, output_width) FIELD(int16_t, output_channels) \
  FIELD(int16_t, kernel_height) FIELD(int16_t, kernel_width)                                 \
  FIELD(int16_t, stride_height) FIELD(int16_t, stride_width) FIELD(int16_t, padding_top) FIELD(int16_t, padding_left) \
  FIELD(int16_t, input_zero) FIELD(int16_t, output_zero) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(TransposeConv2dDspParameters, WHIT_TRANSPOSE_CONV2D_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

// Along one axis the data positions that reach an output position, from `first` on; position i meets tap
// `tap - (i - first) * stride`.
struct MeetingTaps {
  int32_t first, count, tap;
};

WHIT_INLINE MeetingTaps meeting_taps(int32_t place, int32_t taps, int32_t stride, int32_t length) {
  const int32_t below = place - taps + 1;  // the first data position times stride is not below this
  const int32_t first = below <= 0 ? 0 : (below + stride - 1) / stride;
  const int32_t last = place / stride < length ? place / stride : length - 1;
  const MeetingTaps meeting = {first, last >= first ? last - first + 1 : 0, place - first * stride};
  return meeting;
}

WHIT_KERNEL void transpose_conv2d_int8_dsp(const TransposeConv2dDspParameters *parameters, const int8_t *input,
                                           const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                           const int8_t *shifts, int8_t *output) {
  const TransposeConv2dDspParameters &p = *parameters;
  const int32_t channels = p.input_channels, data_row = p.input_width * channels;
  const int32_t weight_row = p.kernel_width * channels, per_output = p.kernel_height * weight_row;
  for (int32_t y = 0; y < p.output_height; ++y) {
    const MeetingTaps rows = meeting_taps(y + p.padding_top, p.kernel_height, p.stride_height, p.input_height);
    for (int32_t x = 0; x < p.output_width; ++x, output += p.output_channels) {
      const MeetingTaps columns = meeting_taps(x + p.padding_left, p.kernel_width, p.stride_width, p.input_width);
      const int8_t *first_data = input + rows.first * data_row + columns.first * channels;
      const int8_t *first_weights = weights + rows.tap * weight_row + columns.tap * channels;
      for (int32_t out = 0; out < p.output_channels; out += 2) {
        const bool pairs = out + 1 < p.output_channels;
        TwoDots dots = {bias[out], pairs ? bias[out + 1] : 0};
        for (int32_t row = 0; row < rows.count; ++row) {
          const int8_t *data = first_data + row * data_row;
          const int8_t *weight = first_weights + out * per_output - row * p.stride_height * weight_row;
          for (int32_t left = columns.count; left > 0; --left, data += channels, weight -= p.stride_width * channels)
            dots = add_dots(dots, data, -p.input_zero, weight, pairs ? per_output : 0, 0, channels);
        }
        const int32_t first = requantize(dots.first, multipliers[out], shifts[out]);
        output[out] = static_cast<int8_t>(clamp(first + p.output_zero, p.output_low, p.output_high));
        if (!pairs) break;
        const int32_t second = requantize(dots.second, multipliers[out + 1], shifts[out + 1]);
        output[out + 1] = static_cast<int8_t>(clamp(second + p.output_zero, p.output_low, p.output_high));
      }
    }
  }
}

#endif

}  // namespace whit

#endif
