// SPDX-License-Identifier: Apache-2.0
// conv2d, portable: out[y][x][o] = bias[o] + sum over window and channels of (in - input_zero) * weight[o].
// Data is channel_last, weights are [output channel][height][width][channel]. Rules: docs/semantics.md, "conv2d".
#ifndef WHIT_OPS_CONV2D_KERNEL_HPP
#define WHIT_OPS_CONV2D_KERNEL_HPP

#include "device/core/requantize.hpp"
#include "device/core/window.hpp"

namespace whit {

#define WHIT_CONV2D_INT8_FIELDS(FIELD) \
  WHIT_WINDOW_GEOMETRY(FIELD)          \
  FIELD(int16_t, input_zero) FIELD(int16_t, output_zero) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(Conv2dInt8Parameters, WHIT_CONV2D_INT8_FIELDS)

#define WHIT_CONV2D_FLOAT_FIELDS(FIELD) \
  WHIT_WINDOW_GEOMETRY(FIELD)           \
  FIELD(float, output_low) FIELD(float, output_high)
WHIT_PARAMETERS(Conv2dFloatParameters, WHIT_CONV2D_FLOAT_FIELDS)

// A window's taps as stretches of neighbouring values: undilated columns lie side by side, channels and all.
struct TapStretches {
  int16_t count;   // in a row of the window
  int16_t length;  // values in each
};

template <typename Parameters>
WHIT_INLINE TapStretches tap_stretches(const Parameters &p, const WindowTaps &taps) {
  const bool together = p.dilation_width == 1;
  const TapStretches stretches = {static_cast<int16_t>(together ? 1 : taps.columns),
                                  static_cast<int16_t>((together ? taps.columns : 1) * p.input_channels)};
  return stretches;
}

// int8: (data - zero) * weight fits 16 bits, since |data - zero| <= 255, which an 8-bit chip multiplies fast.
struct Int8Products {
  typedef int32_t Sum;
  int16_t zero;
  WHIT_INLINE int32_t add(Int8Products products, int32_t sum, int8_t data, int8_t weight) {
    return sum + static_cast<int16_t>(static_cast<int16_t>(data - products.zero) * static_cast<int16_t>(weight));
  }
};

struct FloatProducts {
  typedef float Sum;
  WHIT_INLINE float add(FloatProducts, float sum, float data, float weight) { return sum + data * weight; }
};

// One output value before bias and requantisation, its products added row by row. `weights` points at the output
// channel's first weight.
template <typename Products, typename Parameters, typename T>
WHIT_INLINE typename Products::Sum conv2d_sum(const Parameters &p, Products products, const WindowTaps &taps,
                                              TapStretches stretches, const T *input, const T *weights) {
  typename Products::Sum sum = 0;
  const T *data_row = input + taps.data;
  const int16_t first_tap = static_cast<int16_t>(taps.first_row * p.kernel_width + taps.first_column);
  const T *weight_row = weights + static_cast<ptrdiff_t>(first_tap) * p.input_channels;
  for (int16_t row = taps.rows; row != 0; --row) {
    const T *stretch = data_row, *weight = weight_row;
    for (int16_t count = stretches.count; count != 0; --count, stretch += taps.data_column) {
      const T *data = stretch;
      for (int16_t left = stretches.length; left != 0; --left) sum = Products::add(products, sum, *data++, load(weight++));
    }
    data_row += taps.data_row;
    weight_row += static_cast<ptrdiff_t>(p.kernel_width) * p.input_channels;
  }
  return sum;
}

WHIT_KERNEL void conv2d_int8(const Conv2dInt8Parameters *parameters, const int8_t *input, const int8_t *weights,
                             const int32_t *bias, const int32_t *multipliers, const int8_t *shifts, int8_t *output) {
  WHIT_LOAD_PARAMETERS(Conv2dInt8Parameters, p, parameters);
  const Int8Products products = {p.input_zero};
  const ptrdiff_t weights_per_channel = static_cast<ptrdiff_t>(p.kernel_height) * p.kernel_width * p.input_channels;
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x) {
      const WindowTaps taps = window_taps(p, y, x);
      const TapStretches stretches = tap_stretches(p, taps);
      const int8_t *weight = weights;
      for (int16_t channel = 0; channel < p.output_channels; ++channel, weight += weights_per_channel) {
        const int32_t sum = conv2d_sum(p, products, taps, stretches, input, weight);
        const int32_t value =
            requantize(sum + load(bias + channel), load(multipliers + channel), load(shifts + channel));
        *output++ = static_cast<int8_t>(clamp(value + p.output_zero, p.output_low, p.output_high));
      }
    }
}

WHIT_KERNEL void conv2d_float(const Conv2dFloatParameters *parameters, const float *input, const float *weights,
                              const float *bias, float *output) {
  WHIT_LOAD_PARAMETERS(Conv2dFloatParameters, p, parameters);
  const ptrdiff_t weights_per_channel = static_cast<ptrdiff_t>(p.kernel_height) * p.kernel_width * p.input_channels;
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x) {
      const WindowTaps taps = window_taps(p, y, x);
      const TapStretches stretches = tap_stretches(p, taps);
      const float *weight = weights;
      for (int16_t channel = 0; channel < p.output_channels; ++channel, weight += weights_per_channel) {
        const float sum = conv2d_sum(p, FloatProducts(), taps, stretches, input, weight);
        *output++ = clamp_float(sum + load(bias + channel), p.output_low, p.output_high);
      }
    }
}

}  // namespace whit

#endif
