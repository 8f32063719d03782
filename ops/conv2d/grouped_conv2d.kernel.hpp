// SPDX-License-Identifier: Apache-2.0
// grouped_conv2d, portable: output channel o reads only the data channels of its group. Data is channel_last, weights
// are [output channel][height][width][channel of the group]. Rules: docs/semantics.md, "conv2d".
#ifndef WHIT_OPS_GROUPED_CONV2D_KERNEL_HPP
#define WHIT_OPS_GROUPED_CONV2D_KERNEL_HPP

#include "device/core/requantize.hpp"
#include "device/core/window.hpp"

namespace whit {

// A group has `depth` data channels and `outputs` output channels.
#define WHIT_GROUPED_CONV2D_INT8_FIELDS(FIELD)                                     \
  WHIT_WINDOW_GEOMETRY(FIELD) FIELD(int16_t, depth) FIELD(int16_t, outputs)        \
  FIELD(int16_t, input_zero) FIELD(int16_t, output_zero) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(GroupedConv2dInt8Parameters, WHIT_GROUPED_CONV2D_INT8_FIELDS)

#define WHIT_GROUPED_CONV2D_FLOAT_FIELDS(FIELD)                                    \
  WHIT_WINDOW_GEOMETRY(FIELD) FIELD(int16_t, depth) FIELD(int16_t, outputs)        \
  FIELD(float, output_low) FIELD(float, output_high)
WHIT_PARAMETERS(GroupedConv2dFloatParameters, WHIT_GROUPED_CONV2D_FLOAT_FIELDS)

struct GroupInt8Products {
  typedef int32_t Sum;
  int16_t zero;
  int32_t of(int8_t data, int8_t weight) const {
    return static_cast<int16_t>(static_cast<int16_t>(data - zero) * static_cast<int16_t>(weight));
  }
};

struct GroupFloatProducts {
  typedef float Sum;
  float of(float data, float weight) const { return data * weight; }
};

// One output value before its bias; `data` at the first tap of the group, `weights` at that tap's first.
template <typename Products, typename Parameters, typename T>
WHIT_INLINE typename Products::Sum grouped_sum(const Parameters &p, Products products, const WindowTaps &taps,
                                               const T *data, const T *weights) {
  typename Products::Sum sum = 0;
  for (int16_t row = 0; row < taps.rows; ++row, data += taps.data_row) {
    const T *in = data, *weight = weights + static_cast<ptrdiff_t>(row) * p.kernel_width * p.depth;
    for (int16_t column = 0; column < taps.columns; ++column, in += taps.data_column)
      for (int16_t c = 0; c < p.depth; ++c) sum += products.of(in[c], load(weight++));
  }
  return sum;
}

// Calls `finish(channel, sum)` for each output value in order.
template <typename Products, typename Parameters, typename T, typename Finish>
WHIT_INLINE void grouped_conv2d(const Parameters &p, Products products, const T *input, const T *weights, Finish finish) {
  const ptrdiff_t per_channel = static_cast<ptrdiff_t>(p.kernel_height) * p.kernel_width * p.depth;
  for (int16_t y = 0; y < p.output_height; ++y)
    for (int16_t x = 0; x < p.output_width; ++x) {
      const WindowTaps taps = window_taps(p, y, x);
      const T *data = input + taps.data;
      const T *weight = weights + (static_cast<ptrdiff_t>(taps.first_row) * p.kernel_width + taps.first_column) * p.depth;
      for (int16_t first = 0; first < p.output_channels; first = static_cast<int16_t>(first + p.outputs), data += p.depth)
        for (int16_t o = 0; o < p.outputs; ++o, weight += per_channel)
          finish(static_cast<int16_t>(first + o), grouped_sum(p, products, taps, data, weight));
    }
}

struct GroupedInt8Finish {
  const GroupedConv2dInt8Parameters &p;
  const int32_t *bias, *multipliers;
  const int8_t *shifts;
  int8_t *output;
  void operator()(int16_t channel, int32_t sum) {
    const int32_t value = requantize(sum + load(bias + channel), load(multipliers + channel), load(shifts + channel));
    *output++ = static_cast<int8_t>(clamp(value + p.output_zero, p.output_low, p.output_high));
  }
};

struct GroupedFloatFinish {
  const GroupedConv2dFloatParameters &p;
  const float *bias;
  float *output;
  void operator()(int16_t channel, float sum) {
    *output++ = clamp_float(sum + load(bias + channel), p.output_low, p.output_high);
  }
};

WHIT_KERNEL void grouped_conv2d_int8(const GroupedConv2dInt8Parameters *parameters, const int8_t *input,
                                     const int8_t *weights, const int32_t *bias, const int32_t *multipliers,
                                     const int8_t *shifts, int8_t *output) {
  WHIT_LOAD_PARAMETERS(GroupedConv2dInt8Parameters, p, parameters);
  const GroupInt8Products products = {p.input_zero};
  const GroupedInt8Finish finish = {p, bias, multipliers, shifts, output};
  grouped_conv2d(p, products, input, weights, finish);
}

WHIT_KERNEL void grouped_conv2d_float(const GroupedConv2dFloatParameters *parameters, const float *input,
                                      const float *weights, const float *bias, float *output) {
  WHIT_LOAD_PARAMETERS(GroupedConv2dFloatParameters, p, parameters);
  const GroupedFloatFinish finish = {p, bias, output};
  grouped_conv2d(p, GroupFloatProducts(), input, weights, finish);
}

}  // namespace whit

#endif
