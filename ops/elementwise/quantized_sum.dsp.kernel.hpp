// SPDX-License-Identifier: Apache-2.0
// add and sub on int8 for cores with DSP instructions, four elements at a time:
// out = saturate8((floor(first_factor * a / 256) + floor(second_factor * b / 256) + offset) >> 20).
// The host has tried all 65,536 pairs (a, b): the numbers make this the reference (ops/elementwise/quantized_sum_dsp.hpp).
#ifndef WHIT_OPS_ELEMENTWISE_QUANTIZED_SUM_DSP_KERNEL_HPP
#define WHIT_OPS_ELEMENTWISE_QUANTIZED_SUM_DSP_KERNEL_HPP

#include "device/core/byte_rows.dsp.hpp"

namespace whit {

#define WHIT_QUANTIZED_SUM_DSP_FIELDS(FIELD) \
  FIELD(int32_t, count) FIELD(int32_t, first_factor) FIELD(int32_t, second_factor) FIELD(int32_t, offset)
WHIT_PARAMETERS(QuantizedSumDspParameters, WHIT_QUANTIZED_SUM_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

// One of the four results, from 256 times both operands in the low (b) or high (t) halves.
#define WHIT_QUANTIZED_SUM(half)                                                                       \
  WHIT_INLINE int32_t quantized_sum_##half(const QuantizedSumDspParameters &p, uint32_t first, uint32_t second) { \
    int32_t sum;                                                                                       \
    __asm__("smlaw" #half " %0, %1, %2, %3\n\t"                                                        \
            "smlaw" #half " %0, %4, %5, %0\n\t"                                                        \
            "ssat %0, #8, %0, asr #20"                                                                 \
            : "=&r"(sum)                                                                               \
            : "r"(p.first_factor), "r"(first), "r"(p.offset), "r"(p.second_factor), "r"(second));      \
    return sum;                                                                                        \
  }
WHIT_QUANTIZED_SUM(b)
WHIT_QUANTIZED_SUM(t)

WHIT_INLINE uint32_t quantized_sum_of_four(const QuantizedSumDspParameters &p, uint32_t first, uint32_t second) {
  constexpr uint32_t top_bytes = 0xFF00FF00U;
  const uint32_t first_even = (first << 8) & top_bytes, second_even = (second << 8) & top_bytes;
  first &= top_bytes;
  second &= top_bytes;
  uint32_t word = static_cast<uint32_t>(quantized_sum_b(p, first_even, second_even));
  word = insert_byte<1>(word, quantized_sum_b(p, first, second));
  word = insert_byte<2>(word, quantized_sum_t(p, first_even, second_even));
  return insert_byte<3>(word, quantized_sum_t(p, first, second));
}

WHIT_INLINE int8_t quantized_sum_of_one(const QuantizedSumDspParameters &p, int8_t first, int8_t second) {
  return static_cast<int8_t>(quantized_sum_b(p, static_cast<uint32_t>(first) << 8, static_cast<uint32_t>(second) << 8));
}

// Operands of one shape.
WHIT_KERNEL void quantized_sum_dsp(const QuantizedSumDspParameters *parameters, const int8_t *first,
                                   const int8_t *second, int8_t *output) {
  const QuantizedSumDspParameters p = *parameters;
  int32_t left = p.count;
  for (; left >= 8; left -= 8, first += 8, second += 8, output += 8) {
    const uint32_t a = load_word(first), b = load_word(second), c = load_word(first + 4), d = load_word(second + 4);
    store_word(output, quantized_sum_of_four(p, a, b));
    store_word(output + 4, quantized_sum_of_four(p, c, d));
  }
  for (; left > 0; --left) *output++ = quantized_sum_of_one(p, *first++, *second++);
}

struct QuantizedSumDsp {
  typedef QuantizedSumDspParameters Parameters;

  WHIT_INLINE uint32_t four(const Parameters &p, uint32_t first, uint32_t second) { return quantized_sum_of_four(p, first, second); }
  WHIT_INLINE int8_t one(const Parameters &p, int8_t first, int8_t second) { return quantized_sum_of_one(p, first, second); }
};

// Operands that broadcast along rows.
WHIT_KERNEL void quantized_sum_rows_dsp(const QuantizedSumDspParameters *parameters, const int32_t *box, const int8_t *first,
                                        const int8_t *second, int8_t *output) {
  const QuantizedSumDspParameters p = *parameters;
  walk_byte_rows<QuantizedSumDsp>(p, box, first, second, output);
}

#endif

}  // namespace whit

#endif
