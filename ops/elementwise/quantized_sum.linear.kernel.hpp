// SPDX-License-Identifier: Apache-2.0
// add and sub on int8 for cores with a fast 32-bit multiplier and no DSP instructions, operands of one shape: the sum of
// two products and an offset in place of three requantisations,
// out = saturate8((floor(first_factor * a / 256) + floor(second_factor * b / 256) + offset) >> 20).
// The numbers are those of the DSP kernel (ops/elementwise/quantized_sum_dsp.hpp): the host has tried all pairs (a, b).
#ifndef WHIT_OPS_ELEMENTWISE_QUANTIZED_SUM_LINEAR_KERNEL_HPP
#define WHIT_OPS_ELEMENTWISE_QUANTIZED_SUM_LINEAR_KERNEL_HPP

#include "device/core/pair.hpp"
#include "device/core/requantize.hpp"

namespace whit {

#define WHIT_QUANTIZED_SUM_LINEAR_FIELDS(FIELD) \
  FIELD(int32_t, count) FIELD(int32_t, first_factor) FIELD(int32_t, second_factor) FIELD(int32_t, offset)
WHIT_PARAMETERS(QuantizedSumLinearParameters, WHIT_QUANTIZED_SUM_LINEAR_FIELDS)

// floor(factor * value / 256), without a 64-bit product where that is a call.
WHIT_INLINE int32_t scaled_operand(int32_t factor, int32_t value) {
#if defined(__ARM_ARCH_6M__)
  return (factor >> 8) * value + (((factor & 255) * value) >> 8);
#else
  return static_cast<int32_t>((static_cast<int64_t>(factor) * value) >> 8);
#endif
}

// An Operation of device/core/pair.hpp.
struct QuantizedSumLinear {
  typedef QuantizedSumLinearParameters Parameters;
  typedef int8_t Element;
  typedef int8_t Output;
  WHIT_INLINE int8_t apply(const Parameters &p, int8_t first, int8_t second) {
    const int32_t sum = scaled_operand(p.first_factor, first) + p.offset;
    return static_cast<int8_t>(clamp((sum + scaled_operand(p.second_factor, second)) >> 20, -128, 127));
  }
};

// Operands of one shape.
WHIT_KERNEL void quantized_sum_linear(const QuantizedSumLinearParameters *parameters, const int8_t *first,
                                      const int8_t *second, int8_t *output) {
  const QuantizedSumLinearParameters p = *parameters;
  for (int8_t *end = output + p.count; output != end; ++output) *output = QuantizedSumLinear::apply(p, *first++, *second++);
}

}  // namespace whit

#endif
