// SPDX-License-Identifier: Apache-2.0
// maximum, minimum and prelu on int8 for cores with DSP instructions: Operations of device/core/byte_rows.dsp.hpp.
#ifndef WHIT_OPS_ELEMENTWISE_ARITHMETIC_DSP_KERNEL_HPP
#define WHIT_OPS_ELEMENTWISE_ARITHMETIC_DSP_KERNEL_HPP

#include "device/core/byte_rows.dsp.hpp"

namespace whit {

#define WHIT_EXTREME_DSP_FIELDS(FIELD) FIELD(int32_t, count)
WHIT_PARAMETERS(ExtremeDspParameters, WHIT_EXTREME_DSP_FIELDS)

// Values from the zero point up are shifted left, multiplied and shifted right; the others times their slope likewise
// but for the shift to the left. `rounding` contains the output's zero point.
#define WHIT_PRELU_DSP_FIELDS(FIELD)                                                                            \
  FIELD(int32_t, positive_multiplier) FIELD(int32_t, positive_rounding) FIELD(int32_t, negative_multiplier)     \
  FIELD(int32_t, negative_rounding) FIELD(int16_t, first_zero) FIELD(int16_t, second_zero)                      \
  FIELD(int8_t, positive_left) FIELD(int8_t, positive_right) FIELD(int8_t, negative_right)
WHIT_PARAMETERS(PreluDspParameters, WHIT_PRELU_DSP_FIELDS)

#if defined(__ARM_FEATURE_DSP)

template <bool largest>
struct ExtremeDsp {
  typedef ExtremeDspParameters Parameters;

  WHIT_INLINE uint32_t four(const Parameters &, uint32_t first, uint32_t second) {
    return largest ? larger_bytes(first, second) : smaller_bytes(first, second);
  }
  WHIT_INLINE int8_t one(const Parameters &, int8_t first, int8_t second) {
    return (largest ? first > second : first < second) ? first : second;
  }
};

struct PreluDsp {
  typedef PreluDspParameters Parameters;

  WHIT_INLINE int32_t result(const Parameters &p, int32_t value, int32_t slope) {
    if (value >= 0)
      return saturate<8>(multiply_high_add(p.positive_rounding, value << p.positive_left, p.positive_multiplier) >> p.positive_right);
    const int32_t product = value * slope, rounding = p.negative_rounding + (product >> 31);
    return saturate<8>(multiply_high_add(rounding, product * 2, p.negative_multiplier) >> p.negative_right);
  }
  WHIT_INLINE int32_t low(uint32_t pair) { return static_cast<int16_t>(pair); }
  WHIT_INLINE int32_t top(uint32_t pair) { return static_cast<int32_t>(pair) >> 16; }
  WHIT_INLINE uint32_t four(const Parameters &p, uint32_t first, uint32_t second) {
    const uint32_t first_offsets = pair_of(-p.first_zero), second_offsets = pair_of(-p.second_zero);
    const uint32_t a_even = add_even(first_offsets, first), b_even = add_even(second_offsets, second);
    const uint32_t a_odd = add_odd(first_offsets, first), b_odd = add_odd(second_offsets, second);
    uint32_t word = static_cast<uint32_t>(result(p, low(a_even), low(b_even)));
    word = insert_byte<1>(word, result(p, low(a_odd), low(b_odd)));
    word = insert_byte<2>(word, result(p, top(a_even), top(b_even)));
    return insert_byte<3>(word, result(p, top(a_odd), top(b_odd)));
  }
  WHIT_INLINE int8_t one(const Parameters &p, int8_t first, int8_t second) {
    return static_cast<int8_t>(result(p, first - p.first_zero, second - p.second_zero));
  }
};

template <typename Operation>
WHIT_KERNEL void byte_rows_dsp(const typename Operation::Parameters *parameters, const int32_t *box, const int8_t *first,
                               const int8_t *second, int8_t *output) {
  const typename Operation::Parameters p = *parameters;
  walk_byte_rows<Operation>(p, box, first, second, output);
}

#endif

}  // namespace whit

#endif
