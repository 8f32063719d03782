// SPDX-License-Identifier: Apache-2.0
// transpose_conv2d, portable: each data pixel, times the window of weights, is added into the output. Read from the
// output's side: out[y][x][o] = bias[o] + sum over the taps (ky, kx) for which (y + top - ky) and (x + left - kx) are
// multiples of the strides, of data there times weight[o][ky][kx]. Rules: docs/semantics.md, "transpose_conv2d".
#ifndef WHIT_OPS_TRANSPOSE_CONV2D_KERNEL_HPP
#define WHIT_OPS_TRANSPOSE_CONV2D_KERNEL_HPP

#include "device/core/requantize_sum.hpp"

namespace whit {

#define WHIT_TRANSPOSE_CONV2D_GEOMETRY(FIELD)                                                \
  FIELD(int16_t, input_height) FIELD(int16_t, input_width) FIELD(int16_t, input_channels)    \
  FIELD(int16_t, output_height) FIELD(int16_t, output_width) FIELD(int16_t, output_channels) \
  FIELD(int16_t, kernel_height) FIELD(int16_t, kernel_width)                                 \
  FIELD(int16_t, stride_height) FIELD(int16_t, stride_width) FIELD(int16_t, padding_top) FIELD(int16_t, padding_left)

#define WHIT_TRANSPOSE_CONV2D_INT8_FIELDS(FIELD) \
  WHIT_TRANSPOSE_CONV2D_GEOMETRY(FIELD)          \
  FIELD(int16_t, input_zero) FIELD(int16_t, output_zero) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(TransposeConv2dInt8Parameters, WHIT_TRANSPOSE_CONV2D_INT8_FIELDS)

#define WHIT_TRANSPOSE_CONV2D_FLOAT_FIELDS(FIELD) \
  WHIT_TRANSPOSE_CONV2D_GEOMETRY(FIELD)           \
  FIELD(float, output_low) FIELD(float, output_high)
WHIT_PARAMETERS(TransposeConv2dFloatParameters, WHIT_TRANSPOSE_CONV2D_FLOAT_FIELDS)

// The data position that meets tap `tap` at output position `place`, or -1 where there is none.
WHIT_INLINE int16_t meeting(int16_t place, int16_t tap, int16_t padding, int16_t stride, int16_t length) {
  const int16_t distance = static_cast<int16_t>(place + padding - tap);
  if (distance < 0 || distance % stride != 0) return -1;
  const int16_t position = static_cast<int16_t>(distance / stride);
  return position < length ? position : int16_t{-1};
}

struct CentredProduct {
  typedef int32_t Sum;
  int16_t zero;
  int32_t of(int8_t data, int8_t weight) const {
    return static_cast<int16_t>(static_cast<int16_t>(data - zero) * static_cast<int16_t>(weight));
  }
};

struct WideProduct {
  typedef int64_t Sum;
  int32_t of(int16_t data, int8_t weight) const { return static_cast<int32_t>(data) * weight; }
};

struct RealProduct {
  typedef float Sum;
  float of(float data, float weight) const { return data * weight; }
};

// One output value before the bias; `weights` points at the output channel's first. Data pixels come in memory order.
template <typename Product, typename Parameters, typename T, typename Weight>
WHIT_INLINE typename Product::Sum transposed_sum(const Parameters &p, Product product, int16_t y, int16_t x,
                                                 const T *input, const Weight *weights) {
  typename Product::Sum sum = 0;
  for (int16_t ky = static_cast<int16_t>(p.kernel_height - 1); ky >= 0; --ky) {
    const int16_t row = meeting(y, ky, p.padding_top, p.stride_height, p.input_height);
    if (row < 0) continue;
    for (int16_t kx = static_cast<int16_t>(p.kernel_width - 1); kx >= 0; --kx) {
      const int16_t column = meeting(x, kx, p.padding_left, p.stride_width, p.input_width);
      if (column < 0) continue;
      const T *data = input + (static_cast<ptrdiff_t>(row) * p.input_width + column) * p.input_channels;
      const Weight *weight = weights + (static_cast<ptrdiff_t>(ky) * p.kernel_width + kx) * p.input_channels;
      for (int16_t c = 0; c < p.input_channels; ++c) sum += product.of(data[c], load(weight + c));
    }
  }
  return sum;
}

WHIT_KERNEL void transpose_conv2d_int8(const TransposeConv2dInt8Parameters *parameters, const int8_t *input,
                                       const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                       const int8_t *shifts, int8_t *output) {
  WHIT_LOAD_PARAMETERS(TransposeConv2dInt8Parameters, p, parameters);
  const CentredProduct product = {p.input_zero};
  const ptrdiff_t per_output = static_cast<ptrdiff_t>(p.kernel_height) * p.kernel_width * p.input_channels;
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x)
      for (int16_t o = 0; o < p.output_channels; ++o) {
        const int32_t sum = transposed_sum(p, product, y, x, input, weights + o * per_output) + load(bias + o);
        const int32_t value = requantize(sum, load(multipliers + o), load(shifts + o));
        *output++ = static_cast<int8_t>(clamp(value + p.output_zero, p.output_low, p.output_high));
      }
}

WHIT_KERNEL void transpose_conv2d_int16(const TransposeConv2dInt8Parameters *parameters, const int16_t *input,
                                        const int8_t *weights, const int64_t *bias, const int32_t *multipliers,
                                        const int8_t *shifts, int16_t *output) {
  WHIT_LOAD_PARAMETERS(TransposeConv2dInt8Parameters, p, parameters);
  const ptrdiff_t per_output = static_cast<ptrdiff_t>(p.kernel_height) * p.kernel_width * p.input_channels;
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x)
      for (int16_t o = 0; o < p.output_channels; ++o) {
        const int64_t sum = wrapping_sum(transposed_sum(p, WideProduct(), y, x, input, weights + o * per_output), load(bias + o));
        *output++ = static_cast<int16_t>(
            clamp(requantize_sum(sum, load(multipliers + o), load(shifts + o)), p.output_low, p.output_high));
      }
}

WHIT_KERNEL void transpose_conv2d_float(const TransposeConv2dFloatParameters *parameters, const float *input,
                                        const float *weights, const float *bias, float *output) {
  WHIT_LOAD_PARAMETERS(TransposeConv2dFloatParameters, p, parameters);
  const ptrdiff_t per_output = static_cast<ptrdiff_t>(p.kernel_height) * p.kernel_width * p.input_channels;
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x)
      for (int16_t o = 0; o < p.output_channels; ++o) {
        const float sum = transposed_sum(p, RealProduct(), y, x, input, weights + o * per_output);
        *output++ = clamp_float(sum + load(bias + o), p.output_low, p.output_high);
      }
}

}  // namespace whit

#endif
