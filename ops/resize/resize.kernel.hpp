// SPDX-License-Identifier: Apache-2.0
// resize_bilinear, portable: each output pixel mixes two rows and two columns of the input. The host lists them: for
// each output row (then column) the lower and upper place and the upper one's weight. Rules: docs/semantics.md, "Resizing".
#ifndef WHIT_OPS_RESIZE_KERNEL_HPP
#define WHIT_OPS_RESIZE_KERNEL_HPP

#include "device/core/resize.hpp"

namespace whit {

struct FloatMix {
  typedef float Element;
  typedef float Weight;
  WHIT_INLINE float of(const float *data, const Between<float> &row, const Between<float> &column) {
    const float down = row.upper_weight, right = column.upper_weight;
    return data[row.lower + column.lower] * (1.0F - down) * (1.0F - right) +
           data[row.upper + column.lower] * down * (1.0F - right) +
           data[row.lower + column.upper] * (1.0F - down) * right + data[row.upper + column.upper] * down * right;
  }
};

// Weights have ten fraction bits; the mix is rounded to nearest, halves away from zero.
struct IntegerMix {
  typedef int8_t Element;
  typedef int16_t Weight;
  WHIT_INLINE int8_t of(const int8_t *data, const Between<int16_t> &row, const Between<int16_t> &column) {
    const int32_t one = int32_t{1} << 10, down = row.upper_weight, right = column.upper_weight;
    const int32_t sum = data[row.lower + column.lower] * (one - down) * (one - right) +
                        data[row.upper + column.lower] * down * (one - right) +
                        data[row.lower + column.upper] * (one - down) * right +
                        data[row.upper + column.upper] * down * right;
    const int32_t half = int32_t{1} << 19;
    return static_cast<int8_t>((sum + (sum > 0 ? half : -half)) / (int32_t{1} << 20));
  }
};

template <typename Mix>
WHIT_KERNEL void resize_bilinear(const ResizeParameters *parameters, const int16_t *rows,
                                 const typename Mix::Weight *row_weights, const int16_t *columns,
                                 const typename Mix::Weight *column_weights, const typename Mix::Element *input,
                                 typename Mix::Element *output) {
  WHIT_LOAD_PARAMETERS(ResizeParameters, p, parameters);
  const ptrdiff_t row_step = static_cast<ptrdiff_t>(p.input_width) * p.channels;
  for (int16_t batch = 0; batch < p.batches; ++batch, input += p.input_height * row_step)
    for (int16_t y = 0; y < p.output_height; ++y) {
      const Between<typename Mix::Weight> row = between(rows, row_weights, y, row_step);
      for (int16_t x = 0; x < p.output_width; ++x) {
        const Between<typename Mix::Weight> column = between(columns, column_weights, x, p.channels);
        for (int16_t c = 0; c < p.channels; ++c) *output++ = Mix::of(input + c, row, column);
      }
    }
}

}  // namespace whit

#endif
