// SPDX-License-Identifier: Apache-2.0
// add, sub and mul, portable: out[i] = operation(first[i], second[i]), clamped to the fused activation.
// Rules: docs/semantics.md, "Element-wise arithmetic".
// Operations of device/core/pair.hpp.
#ifndef WHIT_OPS_ELEMENTWISE_KERNEL_HPP
#define WHIT_OPS_ELEMENTWISE_KERNEL_HPP

#include "device/core/requantize.hpp"
#include "device/core/pair.hpp"

namespace whit {

#define WHIT_QUANTIZED_SUM_FIELDS(FIELD)                                                           \
  FIELD(int32_t, count)                                                                            \
  FIELD(int32_t, first_multiplier) FIELD(int32_t, second_multiplier) FIELD(int32_t, output_multiplier) \
  FIELD(int16_t, first_zero) FIELD(int16_t, second_zero) FIELD(int16_t, output_zero)               \
  FIELD(int16_t, output_low) FIELD(int16_t, output_high)                                           \
  FIELD(int8_t, first_shift) FIELD(int8_t, second_shift) FIELD(int8_t, output_shift) FIELD(int8_t, left_shift)
WHIT_PARAMETERS(QuantizedSumParameters, WHIT_QUANTIZED_SUM_FIELDS)

#define WHIT_QUANTIZED_PRODUCT_FIELDS(FIELD)                                         \
  FIELD(int32_t, count) FIELD(int32_t, output_multiplier)                            \
  FIELD(int16_t, first_zero) FIELD(int16_t, second_zero) FIELD(int16_t, output_zero) \
  FIELD(int16_t, output_low) FIELD(int16_t, output_high) FIELD(int8_t, output_shift)
WHIT_PARAMETERS(QuantizedProductParameters, WHIT_QUANTIZED_PRODUCT_FIELDS)

#define WHIT_FLOAT_PAIR_FIELDS(FIELD) FIELD(int32_t, count) FIELD(float, output_low) FIELD(float, output_high)
WHIT_PARAMETERS(FloatPairParameters, WHIT_FLOAT_PAIR_FIELDS)

#define WHIT_INTEGER_PAIR_FIELDS(FIELD) FIELD(int32_t, count) FIELD(int32_t, output_low) FIELD(int32_t, output_high)
WHIT_PARAMETERS(IntegerPairParameters, WHIT_INTEGER_PAIR_FIELDS)

// A stored value less its zero point: fits 16 bits, since 16-bit tensors have zero points of 0.
WHIT_INLINE int16_t centred(int16_t value, int16_t zero) { return static_cast<int16_t>(value - zero); }

// A value on the scale that both operands of a sum share, with `left_shift` more bits.
WHIT_INLINE int32_t rescale_operand(int16_t value, int16_t zero, int8_t left_shift, int32_t multiplier, int8_t shift) {
  const uint32_t wide = static_cast<uint32_t>(static_cast<int32_t>(centred(value, zero)));
  return requantize(static_cast<int32_t>(wide << left_shift), multiplier, shift);
}

// first + sign * second on integers: both operands are brought to a common scale, added, brought to the output's.
template <typename T, int sign>
struct QuantizedSum {
  typedef QuantizedSumParameters Parameters;
  typedef T Element;
  typedef T Output;
  WHIT_INLINE T apply(const Parameters &p, T first, T second) {
    const int32_t a = rescale_operand(first, p.first_zero, p.left_shift, p.first_multiplier, p.first_shift);
    const int32_t b = rescale_operand(second, p.second_zero, p.left_shift, p.second_multiplier, p.second_shift);
    const int32_t sum = requantize(a + sign * b, p.output_multiplier, p.output_shift);
    return static_cast<T>(clamp(sum + p.output_zero, p.output_low, p.output_high));
  }
};

// first * second on integers.
template <typename T>
struct QuantizedProduct {
  typedef QuantizedProductParameters Parameters;
  typedef T Element;
  typedef T Output;
  WHIT_INLINE T apply(const Parameters &p, T first, T second) {
    const int32_t product = static_cast<int32_t>(centred(first, p.first_zero)) * centred(second, p.second_zero);
    const int32_t scaled = requantize(product, p.output_multiplier, p.output_shift);
    return static_cast<T>(clamp(scaled + p.output_zero, p.output_low, p.output_high));
  }
};

template <int sign>
struct FloatSum {
  typedef FloatPairParameters Parameters;
  typedef float Element;
  typedef float Output;
  WHIT_INLINE float apply(const Parameters &p, float first, float second) {
    return clamp_float(sign > 0 ? first + second : first - second, p.output_low, p.output_high);
  }
};

struct FloatProduct {
  typedef FloatPairParameters Parameters;
  typedef float Element;
  typedef float Output;
  WHIT_INLINE float apply(const Parameters &p, float first, float second) {
    return clamp_float(first * second, p.output_low, p.output_high);
  }
};

// Plain 32-bit arithmetic wraps; a limit of the fused activation comes after it.
template <int sign>
struct IntegerSum {
  typedef IntegerPairParameters Parameters;
  typedef int32_t Element;
  typedef int32_t Output;
  WHIT_INLINE int32_t apply(const Parameters &p, int32_t first, int32_t second) {
    const uint32_t a = static_cast<uint32_t>(first), b = static_cast<uint32_t>(second);
    return clamp(static_cast<int32_t>(sign > 0 ? a + b : a - b), p.output_low, p.output_high);
  }
};

struct IntegerProduct {
  typedef IntegerPairParameters Parameters;
  typedef int32_t Element;
  typedef int32_t Output;
  WHIT_INLINE int32_t apply(const Parameters &p, int32_t first, int32_t second) {
    const uint32_t product = static_cast<uint32_t>(first) * static_cast<uint32_t>(second);
    return clamp(static_cast<int32_t>(product), p.output_low, p.output_high);
  }
};

}  // namespace whit

#endif
