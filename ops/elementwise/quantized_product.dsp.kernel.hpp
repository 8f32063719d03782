// SPDX-License-Identifier: Apache-2.0
// mul on int8 for cores with DSP instructions, operands that broadcast along rows: of the product x of two centred values
// out = saturate8((high_half(2 x multiplier + 2^31) + rounding - (x < 0)) >> shift), the "exact" form of
// ops/dsp_requantize.hpp, with the output's zero point in `rounding`.
#ifndef WHIT_OPS_ELEMENTWISE_QUANTIZED_PRODUCT_DSP_KERNEL_HPP
#define WHIT_OPS_ELEMENTWISE_QUANTIZED_PRODUCT_DSP_KERNEL_HPP

#include "device/core/byte_rows.dsp.hpp"

namespace whit {

#define WHIT_QUANTIZED_PRODUCT_DSP_FIELDS(FIELD)                             \
  FIELD(int32_t, multiplier) FIELD(int32_t, rounding) FIELD(int32_t, shift) \
  FIELD(int16_t, first_zero) FIELD(int16_t, second_zero)
WHIT_PARAMETERS(QuantizedProductDspParameters, WHIT_QUANTIZED_PRODUCT_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

// Of the low (bb) or high (tt) halves of two pairs.
#define WHIT_QUANTIZED_PRODUCT(halves)                                                                                    \
  WHIT_INLINE int32_t quantized_product_##halves(const QuantizedProductDspParameters &p, uint32_t first, uint32_t second) { \
    int32_t product, result;                                                                                             \
    __asm__("smul" #halves " %1, %2, %3\n\t"                                                                             \
            "add %0, %4, %1, asr #31\n\t"                                                                                \
            "lsl %1, %1, #1\n\t"                                                                                         \
            "smmlar %0, %1, %5, %0\n\t"                                                                                  \
            "asr %0, %0, %6\n\t"                                                                                         \
            "ssat %0, #8, %0"                                                                                            \
            : "=&r"(result), "=&r"(product)                                                                              \
            : "r"(first), "r"(second), "r"(p.rounding), "r"(p.multiplier), "r"(p.shift));                                \
    return result;                                                                                                       \
  }
WHIT_QUANTIZED_PRODUCT(bb)
WHIT_QUANTIZED_PRODUCT(tt)

struct QuantizedProductDsp {
  typedef QuantizedProductDspParameters Parameters;

  WHIT_INLINE uint32_t four(const Parameters &p, uint32_t first, uint32_t second) {
    const uint32_t first_offsets = pair_of(-p.first_zero), second_offsets = pair_of(-p.second_zero);
    const uint32_t a_even = add_even(first_offsets, first), b_even = add_even(second_offsets, second);
    const uint32_t a_odd = add_odd(first_offsets, first), b_odd = add_odd(second_offsets, second);
    uint32_t word = static_cast<uint32_t>(quantized_product_bb(p, a_even, b_even));
    word = insert_byte<1>(word, quantized_product_bb(p, a_odd, b_odd));
    word = insert_byte<2>(word, quantized_product_tt(p, a_even, b_even));
    return insert_byte<3>(word, quantized_product_tt(p, a_odd, b_odd));
  }
  WHIT_INLINE int8_t one(const Parameters &p, int8_t first, int8_t second) {
    return static_cast<int8_t>(quantized_product_bb(p, static_cast<uint32_t>(first - p.first_zero),
                                                    static_cast<uint32_t>(second - p.second_zero)));
  }
};

WHIT_KERNEL void quantized_product_dsp(const QuantizedProductDspParameters *parameters, const int32_t *box,
                                       const int8_t *first, const int8_t *second, int8_t *output) {
  const QuantizedProductDspParameters p = *parameters;
  walk_byte_rows<QuantizedProductDsp>(p, box, first, second, output);
}

#endif

}  // namespace whit

#endif
