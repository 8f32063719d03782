// SPDX-License-Identifier: Apache-2.0
// l2_normalize, portable: each row of the last axis divided by its length. Rules: docs/semantics.md, "l2_normalize".
#ifndef WHIT_OPS_L2_NORMALIZE_KERNEL_HPP
#define WHIT_OPS_L2_NORMALIZE_KERNEL_HPP

#include "device/core/fixed_point.hpp"
#include "device/core/float_math.hpp"

namespace whit {

#define WHIT_L2_NORMALIZE_FIELDS(FIELD) FIELD(int32_t, rows) FIELD(int32_t, length) FIELD(int16_t, input_zero)
WHIT_PARAMETERS(L2NormalizeParameters, WHIT_L2_NORMALIZE_FIELDS)

WHIT_KERNEL void l2_normalize_float(const L2NormalizeParameters *parameters, const float *input, float *output) {
  WHIT_LOAD_PARAMETERS(L2NormalizeParameters, p, parameters);
  const float least = 1e-6F;
  for (int32_t row = 0; row < p.rows; ++row, input += p.length, output += p.length) {
    float sum = 0.0F;
    for (int32_t i = 0; i < p.length; ++i) sum += input[i] * input[i];
    const float root = sqrt_float(sum), length = root > least ? root : least;
    for (int32_t i = 0; i < p.length; ++i) output[i] = input[i] / length;
  }
}

WHIT_KERNEL void l2_normalize_int8(const L2NormalizeParameters *parameters, const int8_t *input, int8_t *output) {
  WHIT_LOAD_PARAMETERS(L2NormalizeParameters, p, parameters);
  for (int32_t row = 0; row < p.rows; ++row, input += p.length, output += p.length) {
    int32_t sum = 0;
    for (int32_t i = 0; i < p.length; ++i) {
      const int32_t value = input[i] - p.input_zero;
      sum += value * value;
    }
    const InverseRoot root = inverse_root(sum);
    for (int32_t i = 0; i < p.length; ++i) {
      const int32_t value = input[i] - p.input_zero;
      output[i] = static_cast<int8_t>(clamp(requantize(value, root.multiplier, root.shift + 7), -128, 127));
    }
  }
}

}  // namespace whit

#endif
