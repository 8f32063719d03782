// SPDX-License-Identifier: Apache-2.0
// add and sub on int8 for cores with Helium, operands of one shape: four elements at a time,
// out = saturate8((floor(first_factor * a / 256) + floor(second_factor * b / 256) + offset) >> 20).
// The numbers are those of the DSP kernel (ops/elementwise/quantized_sum_dsp.hpp): the host has tried all pairs (a, b).
#ifndef WHIT_OPS_ELEMENTWISE_QUANTIZED_SUM_MVE_KERNEL_HPP
#define WHIT_OPS_ELEMENTWISE_QUANTIZED_SUM_MVE_KERNEL_HPP

#include "device/core/vectors.mve.hpp"

namespace whit {

#define WHIT_QUANTIZED_SUM_MVE_FIELDS(FIELD) \
  FIELD(int32_t, count) FIELD(int32_t, first_factor) FIELD(int32_t, second_factor) FIELD(int32_t, offset)
WHIT_PARAMETERS(QuantizedSumMveParameters, WHIT_QUANTIZED_SUM_MVE_FIELDS)

#if defined(__ARM_FEATURE_MVE)

// floor(factor * values / 256): the upper word of twice the product with 2^23 times the value.
WHIT_INLINE int32x4_t scaled_operands(int32x4_t values, int32_t factor) { return vqdmulhq_n_s32(vshlq_n_s32(values, 23), factor); }

// The results in the lowest byte of each lane. Not by VQSHRNB, which GNU as 2.40 encodes as the rounding VQRSHRNB.
WHIT_INLINE int32x4_t quantized_sums(const QuantizedSumMveParameters &p, int32x4_t first, int32x4_t second) {
  const int32x4_t sums = vaddq_n_s32(vaddq_s32(scaled_operands(first, p.first_factor), scaled_operands(second, p.second_factor)), p.offset);
  const int16x8_t halves = vqmovnbq_s32(vdupq_n_s16(0), vshrq_n_s32(sums, 20));
  return vreinterpretq_s32_s8(vqmovnbq_s16(vdupq_n_s8(0), halves));
}

WHIT_KERNEL void quantized_sum_mve(const QuantizedSumMveParameters *parameters, const int8_t *first, const int8_t *second, int8_t *output) {
  const QuantizedSumMveParameters p = *parameters;
  for (int32_t fours = p.count / 4; fours != 0; --fours, first += 4, second += 4, output += 4)
    vstrbq_s32(output, quantized_sums(p, vldrbq_s32(first), vldrbq_s32(second)));
  if (p.count % 4 == 0) return;
  const mve_pred16_t lanes = vctp32q(static_cast<uint32_t>(p.count % 4));
  vstrbq_p_s32(output, quantized_sums(p, vldrbq_z_s32(first, lanes), vldrbq_z_s32(second, lanes)), lanes);
}

#endif

}  // namespace whit

#endif
