// SPDX-License-Identifier: Apache-2.0
// add, sub and mul, portable: out[i] = operation(first[i], second[i]), clamped to the fused activation.
// Rules: docs/semantics.md, "Element-wise arithmetic".
//
// An Operation names its Parameters and Element, and has apply(parameters, first, second). One of the operands may be
// a constant, which on some chips lies in another address space: FromMemory and FromConstant read either kind.
#ifndef WHIT_OPS_ELEMENTWISE_KERNEL_HPP
#define WHIT_OPS_ELEMENTWISE_KERNEL_HPP

#include "device/core/requantize.hpp"
#include "device/core/strided.hpp"

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
  WHIT_INLINE float apply(const Parameters &p, float first, float second) {
    return clamp_float(sign > 0 ? first + second : first - second, p.output_low, p.output_high);
  }
};

struct FloatProduct {
  typedef FloatPairParameters Parameters;
  typedef float Element;
  WHIT_INLINE float apply(const Parameters &p, float first, float second) {
    return clamp_float(first * second, p.output_low, p.output_high);
  }
};

struct FromMemory {
  template <typename T>
  WHIT_INLINE T read(const T *element) { return *element; }
};

struct FromConstant {
  template <typename T>
  WHIT_INLINE T read(const T *element) { return load(element); }
};

// Operands of the output's shape and layout.
template <typename Operation, typename First, typename Second>
WHIT_KERNEL void elementwise(const typename Operation::Parameters *parameters,
                             const typename Operation::Element *first, const typename Operation::Element *second,
                             typename Operation::Element *output) {
  WHIT_LOAD_PARAMETERS(typename Operation::Parameters, p, parameters);
  for (int32_t i = 0; i < p.count; ++i)
    output[i] = Operation::apply(p, First::read(first + i), Second::read(second + i));
}

// Operands that are repeated along some axes, or lie in another order: `box` has a stride of each along each axis of
// the output, which is written in memory order.
template <typename Operation, typename First, typename Second>
WHIT_KERNEL void elementwise_strided(const typename Operation::Parameters *parameters, const int32_t *box,
                                     const typename Operation::Element *first,
                                     const typename Operation::Element *second,
                                     typename Operation::Element *output) {
  WHIT_LOAD_PARAMETERS(typename Operation::Parameters, p, parameters);
  StridedWalk<2> walk(box);
  const int32_t length = walk.row_length(), first_step = walk.row_stride(0), second_step = walk.row_stride(1);
  do {
    const typename Operation::Element *a = first + walk.offset(0), *b = second + walk.offset(1);
    for (int32_t i = 0; i < length; ++i) {
      *output++ = Operation::apply(p, First::read(a), Second::read(b));
      a += first_step;
      b += second_step;
    }
  } while (walk.next_row());
}

}  // namespace whit

#endif
