// SPDX-License-Identifier: Apache-2.0
// batch_matmul on int8 for cores with DSP instructions, where the summed values lie side by side in both operands: rows of
// the first, and columns of the second one after the other. Two columns at once.
#ifndef WHIT_OPS_BATCH_MATMUL_DSP_KERNEL_HPP
#define WHIT_OPS_BATCH_MATMUL_DSP_KERNEL_HPP

#include "device/core/dot.dsp.hpp"
#include "device/core/requantize.hpp"

namespace whit {

#define WHIT_BATCH_MATMUL_DSP_FIELDS(FIELD)                                                        \
  FIELD(int32_t, batches) FIELD(int32_t, rows) FIELD(int32_t, depth) FIELD(int32_t, columns)       \
  FIELD(int32_t, multiplier) FIELD(int16_t, shift) FIELD(int16_t, first_zero) FIELD(int16_t, second_zero) \
  FIELD(int16_t, output_zero)
WHIT_PARAMETERS(BatchMatmulDspParameters, WHIT_BATCH_MATMUL_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

WHIT_INLINE int8_t matmul_output(const BatchMatmulDspParameters &p, int32_t sum) {
  return static_cast<int8_t>(
      clamp(requantize(sum, p.multiplier, static_cast<int8_t>(p.shift)) + p.output_zero, -128, 127));
}

// `begins`: where each batch's matrices begin, the first's and the second's.
WHIT_KERNEL void batch_matmul_int8_dsp(const BatchMatmulDspParameters *parameters, const int32_t *begins,
                                       const int8_t *first, const int8_t *second, int8_t *output) {
  const BatchMatmulDspParameters &p = *parameters;
  for (int32_t batch = 0; batch < p.batches; ++batch) {
    const int8_t *row = first + begins[2 * batch];
    for (int32_t i = 0; i < p.rows; ++i, row += p.depth) {
      const int8_t *column = second + begins[2 * batch + 1];
      for (int32_t j = 0; j < p.columns; j += 2, column += 2 * p.depth) {
        const bool pairs = j + 1 < p.columns;
        const TwoDots none = {0, 0};
        const TwoDots dots = add_dots(none, row, -p.first_zero, column, pairs ? p.depth : 0, -p.second_zero, p.depth);
        *output++ = matmul_output(p, dots.first);
        if (pairs) *output++ = matmul_output(p, dots.second);
      }
    }
  }
}

#endif

}  // namespace whit

#endif
