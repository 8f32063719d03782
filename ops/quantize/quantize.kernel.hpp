// SPDX-License-Identifier: Apache-2.0
// Changes of scale and type, portable, as Operations of `unary`. Rules: docs/semantics.md, "Quantize and dequantize".
#ifndef WHIT_OPS_QUANTIZE_KERNEL_HPP
#define WHIT_OPS_QUANTIZE_KERNEL_HPP

#include "device/core/requantize.hpp"
#include "device/core/unary.hpp"

namespace whit {

#define WHIT_RESCALE_FIELDS(FIELD)                                                      \
  FIELD(int32_t, count) FIELD(int32_t, multiplier)                                      \
  FIELD(int16_t, input_zero) FIELD(int16_t, output_zero)                                \
  FIELD(int16_t, output_low) FIELD(int16_t, output_high) FIELD(int8_t, shift)
WHIT_PARAMETERS(RescaleParameters, WHIT_RESCALE_FIELDS)

#define WHIT_RESCALE_WIDE_FIELDS(FIELD)                                                 \
  FIELD(int32_t, count) FIELD(int32_t, multiplier) FIELD(int32_t, input_zero)           \
  FIELD(int32_t, output_zero) FIELD(int32_t, output_low) FIELD(int32_t, output_high) FIELD(int8_t, shift)
WHIT_PARAMETERS(RescaleWideParameters, WHIT_RESCALE_WIDE_FIELDS)

#define WHIT_QUANTIZE_FIELDS(FIELD) \
  FIELD(int32_t, count) FIELD(float, scale) FIELD(int16_t, zero) FIELD(int16_t, low) FIELD(int16_t, high)
WHIT_PARAMETERS(QuantizeParameters, WHIT_QUANTIZE_FIELDS)

#define WHIT_DEQUANTIZE_FIELDS(FIELD) FIELD(int32_t, count) FIELD(float, scale) FIELD(int16_t, zero)
WHIT_PARAMETERS(DequantizeParameters, WHIT_DEQUANTIZE_FIELDS)

// From one integer scale to another, within limits.
template <typename From, typename To, typename Limits = RescaleParameters>
struct Rescale {
  typedef Limits Parameters;
  typedef From Input;
  typedef To Output;
  WHIT_INLINE To apply(const Parameters &p, From value) {
    const int32_t centred = static_cast<int32_t>(value) - p.input_zero;
    const int32_t scaled = requantize(centred, p.multiplier, p.shift) + p.output_zero;
    return static_cast<To>(clamp(scaled, p.output_low, p.output_high));
  }
};

// value / scale rounded to nearest, halves away from zero, plus the zero point; what lies outside, and not-a-number,
// becomes a limit.
template <typename To>
struct Quantize {
  typedef QuantizeParameters Parameters;
  typedef float Input;
  typedef To Output;
  WHIT_INLINE To apply(const Parameters &p, float value) {
    const float quotient = value / p.scale;
    const int32_t lowest = static_cast<int32_t>(p.low) - p.zero, highest = static_cast<int32_t>(p.high) - p.zero;
    if (!(quotient > static_cast<float>(lowest))) return static_cast<To>(p.low);
    if (!(quotient < static_cast<float>(highest))) return static_cast<To>(p.high);
    const int32_t whole = static_cast<int32_t>(quotient);
    const float rest = quotient - static_cast<float>(whole);
    const int32_t rounded = whole + (rest >= 0.5F ? 1 : 0) - (rest <= -0.5F ? 1 : 0);
    return static_cast<To>(rounded + p.zero);
  }
};

template <typename From>
struct Dequantize {
  typedef DequantizeParameters Parameters;
  typedef From Input;
  typedef float Output;
  WHIT_INLINE float apply(const Parameters &p, From value) {
    return p.scale * static_cast<float>(static_cast<int32_t>(value) - p.zero);
  }
};

}  // namespace whit

#endif
