// SPDX-License-Identifier: Apache-2.0
// average_pool2d, max_pool2d and l2_pool2d, portable, for both layouts: channel_last data is one plane whose pixels hold all
// channels, planar data is one plane a channel whose pixels hold one. Rules: docs/semantics.md, "Pooling".
#ifndef WHIT_OPS_POOL_KERNEL_HPP
#define WHIT_OPS_POOL_KERNEL_HPP

#include "device/core/float_math.hpp"
#include "device/core/requantize.hpp"
#include "device/core/window.hpp"

namespace whit {

// The geometry's channels are those of one plane.
#define WHIT_POOL_INT8_FIELDS(FIELD) \
  WHIT_WINDOW_GEOMETRY(FIELD)        \
  FIELD(int16_t, planes) FIELD(int16_t, output_low) FIELD(int16_t, output_high)
WHIT_PARAMETERS(PoolInt8Parameters, WHIT_POOL_INT8_FIELDS)

#define WHIT_POOL_FLOAT_FIELDS(FIELD) \
  WHIT_WINDOW_GEOMETRY(FIELD)         \
  FIELD(int16_t, planes) FIELD(float, output_low) FIELD(float, output_high)
WHIT_PARAMETERS(PoolFloatParameters, WHIT_POOL_FLOAT_FIELDS)

// Folds the taps of one output value: `start`, then Fold::take for each tap. There is at least one.
template <typename Fold, typename Element, typename Sum>
WHIT_INLINE Sum fold_taps(const WindowTaps &taps, const Element *data, Sum start) {
  for (int16_t row = 0; row < taps.rows; ++row, data += taps.data_row) {
    const Element *in = data;
    for (int16_t column = 0; column < taps.columns; ++column, in += taps.data_column) start = Fold::take(start, *in);
  }
  return start;
}

struct AddTaps {
  template <typename Sum, typename Element>
  static Sum take(Sum sum, Element value) {
    return sum + value;
  }
};

struct AddSquares {
  WHIT_INLINE float take(float sum, float value) { return sum + value * value; }
};

struct LargestTap {
  template <typename Element>
  static Element take(Element largest, Element value) {
    return value > largest ? value : largest;
  }
};

// sum / count, rounded to nearest, halves away from zero.
WHIT_INLINE int32_t rounded_average(int32_t sum, int32_t count) {
  return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

template <typename T>
struct AverageStored {
  static T value(const PoolInt8Parameters &p, const WindowTaps &taps, const T *data) {
    const int32_t count = static_cast<int32_t>(taps.rows) * taps.columns;
    const int32_t sum = fold_taps<AddTaps>(taps, data, int32_t{0});
    return static_cast<T>(clamp(rounded_average(sum, count), p.output_low, p.output_high));
  }
};

struct MaxInt16 {
  static int16_t value(const PoolInt8Parameters &p, const WindowTaps &taps, const int16_t *data) {
    return static_cast<int16_t>(clamp(fold_taps<LargestTap>(taps, data, *data), p.output_low, p.output_high));
  }
};

struct AverageFloat {
  static float value(const PoolFloatParameters &p, const WindowTaps &taps, const float *data) {
    const float count = static_cast<float>(static_cast<int32_t>(taps.rows) * taps.columns);
    return clamp_float(fold_taps<AddTaps>(taps, data, 0.0F) / count, p.output_low, p.output_high);
  }
};

// The root of the mean of squares.
struct L2Float {
  static float value(const PoolFloatParameters &p, const WindowTaps &taps, const float *data) {
    const float count = static_cast<float>(static_cast<int32_t>(taps.rows) * taps.columns);
    return clamp_float(sqrt_float(fold_taps<AddSquares>(taps, data, 0.0F) / count), p.output_low, p.output_high);
  }
};

struct MaxFloat {
  static float value(const PoolFloatParameters &p, const WindowTaps &taps, const float *data) {
    return clamp_float(fold_taps<LargestTap>(taps, data, *data), p.output_low, p.output_high);
  }
};

template <typename Pool, typename Parameters, typename Element>
WHIT_INLINE void pool2d(const Parameters &p, const Element *input, Element *output) {
  const ptrdiff_t plane_size = static_cast<ptrdiff_t>(p.input_height) * p.input_width * p.input_channels;
  for (int16_t plane = 0; plane < p.planes; ++plane, input += plane_size)
    for (int16_t y = 0; y < p.output_height; ++y)
      for (int16_t x = 0; x < p.output_width; ++x) {
        const WindowTaps taps = window_taps(p, y, x);
        const Element *data = input + taps.data;
        for (int16_t channel = 0; channel < p.input_channels; ++channel, ++data) *output++ = Pool::value(p, taps, data);
      }
}

WHIT_KERNEL void average_pool2d_int8(const PoolInt8Parameters *parameters, const int8_t *input, int8_t *output) {
  WHIT_LOAD_PARAMETERS(PoolInt8Parameters, p, parameters);
  pool2d<AverageStored<int8_t>>(p, input, output);
}

// The larger ones of `count` values and those already there.
WHIT_INLINE void keep_larger(int8_t *largest, const int8_t *data, int16_t count) {
  for (; count != 0; --count, ++largest) {
    const int8_t value = *data++;
    if (value > *largest) *largest = value;
  }
}

// The largest taps of all channels of one pixel, tap by tap. The output may lie over the first tap's pixel or before it:
// that one is copied first, forward, and no other tap lies there.
WHIT_INLINE void largest_taps(const PoolInt8Parameters &p, const WindowTaps &taps, const int8_t *data, int8_t *output) {
  const int16_t channels = p.input_channels;
  for (int16_t channel = 0; channel < channels; ++channel) output[channel] = data[channel];
  for (int16_t row = 0; row < taps.rows; ++row, data += taps.data_row) {
    const int8_t *tap = data;
    for (int16_t column = 0; column < taps.columns; ++column, tap += taps.data_column)
      if (row != 0 || column != 0) keep_larger(output, tap, channels);
  }
  if (p.output_low == INT8_MIN && p.output_high == INT8_MAX) return;
  for (int16_t channel = 0; channel < channels; ++channel)
    output[channel] = static_cast<int8_t>(clamp(output[channel], p.output_low, p.output_high));
}

WHIT_KERNEL void max_pool2d_int8(const PoolInt8Parameters *parameters, const int8_t *input, int8_t *output) {
  WHIT_LOAD_PARAMETERS(PoolInt8Parameters, p, parameters);
  const ptrdiff_t plane_size = static_cast<ptrdiff_t>(p.input_height) * p.input_width * p.input_channels;
  for (int16_t plane = 0; plane < p.planes; ++plane, input += plane_size)
    for (int16_t y = 0; y < p.output_height; ++y)
      for (int16_t x = 0; x < p.output_width; ++x, output += p.input_channels) {
        const WindowTaps taps = window_taps(p, y, x);
        largest_taps(p, taps, input + taps.data, output);
      }
}

WHIT_KERNEL void average_pool2d_int16(const PoolInt8Parameters *parameters, const int16_t *input, int16_t *output) {
  WHIT_LOAD_PARAMETERS(PoolInt8Parameters, p, parameters);
  pool2d<AverageStored<int16_t>>(p, input, output);
}

WHIT_KERNEL void max_pool2d_int16(const PoolInt8Parameters *parameters, const int16_t *input, int16_t *output) {
  WHIT_LOAD_PARAMETERS(PoolInt8Parameters, p, parameters);
  pool2d<MaxInt16>(p, input, output);
}

WHIT_KERNEL void average_pool2d_float(const PoolFloatParameters *parameters, const float *input, float *output) {
  WHIT_LOAD_PARAMETERS(PoolFloatParameters, p, parameters);
  pool2d<AverageFloat>(p, input, output);
}

WHIT_KERNEL void l2_pool2d_float(const PoolFloatParameters *parameters, const float *input, float *output) {
  WHIT_LOAD_PARAMETERS(PoolFloatParameters, p, parameters);
  pool2d<L2Float>(p, input, output);
}

WHIT_KERNEL void max_pool2d_float(const PoolFloatParameters *parameters, const float *input, float *output) {
  WHIT_LOAD_PARAMETERS(PoolFloatParameters, p, parameters);
  pool2d<MaxFloat>(p, input, output);
}

}  // namespace whit

#endif
