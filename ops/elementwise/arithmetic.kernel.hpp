// SPDX-License-Identifier: Apache-2.0
// maximum, minimum, squared_difference, div, floor_div, floor_mod and prelu, portable: Operations of
// device/core/pair.hpp. Rules: docs/semantics.md, "Element-wise arithmetic".
#ifndef WHIT_OPS_ELEMENTWISE_ARITHMETIC_KERNEL_HPP
#define WHIT_OPS_ELEMENTWISE_ARITHMETIC_KERNEL_HPP

#include "device/core/fixed_point.hpp"
#include "device/core/float_math.hpp"
#include "device/core/pair.hpp"
#include "device/core/requantize.hpp"

namespace whit {

#define WHIT_PLAIN_PAIR_FIELDS(FIELD) FIELD(int32_t, count)
WHIT_PARAMETERS(PlainPairParameters, WHIT_PLAIN_PAIR_FIELDS)

#define WHIT_QUOTIENT_FIELDS(FIELD) FIELD(int32_t, count) FIELD(float, output_low) FIELD(float, output_high)
WHIT_PARAMETERS(QuotientParameters, WHIT_QUOTIENT_FIELDS)

#define WHIT_INTEGER_QUOTIENT_FIELDS(FIELD) \
  FIELD(int32_t, count) FIELD(int32_t, output_low) FIELD(int32_t, output_high)
WHIT_PARAMETERS(IntegerQuotientParameters, WHIT_INTEGER_QUOTIENT_FIELDS)

#define WHIT_QUANTIZED_PAIR_FIELDS(FIELD)                                                              \
  FIELD(int32_t, count)                                                                                \
  FIELD(int32_t, first_multiplier) FIELD(int32_t, second_multiplier) FIELD(int32_t, output_multiplier) \
  FIELD(int16_t, first_zero) FIELD(int16_t, second_zero) FIELD(int16_t, output_zero)                   \
  FIELD(int16_t, output_low) FIELD(int16_t, output_high)                                               \
  FIELD(int8_t, first_shift) FIELD(int8_t, second_shift) FIELD(int8_t, output_shift) FIELD(int8_t, left_shift)
WHIT_PARAMETERS(QuantizedPairParameters, WHIT_QUANTIZED_PAIR_FIELDS)

// What operations on one type share that need no parameters.
template <typename T>
struct PlainPair {
  typedef PlainPairParameters Parameters;
  typedef T Element;
  typedef T Output;
};

template <typename T>
struct Maximum : PlainPair<T> {
  WHIT_INLINE T apply(const PlainPairParameters &, T first, T second) { return first > second ? first : second; }
};

template <typename T>
struct Minimum : PlainPair<T> {
  WHIT_INLINE T apply(const PlainPairParameters &, T first, T second) { return first < second ? first : second; }
};

struct FloatSquaredDifference : PlainPair<float> {
  WHIT_INLINE float apply(const PlainPairParameters &, float first, float second) {
    const float difference = first - second;
    return difference * difference;
  }
};

struct IntegerSquaredDifference : PlainPair<int32_t> {
  WHIT_INLINE int32_t apply(const PlainPairParameters &, int32_t first, int32_t second) {
    const uint32_t difference = static_cast<uint32_t>(first) - static_cast<uint32_t>(second);
    return static_cast<int32_t>(difference * difference);
  }
};

// Both operands on a common scale, their difference squared, brought to the output's scale.
template <typename T>
struct QuantizedSquaredDifference {
  typedef QuantizedPairParameters Parameters;
  typedef T Element;
  typedef T Output;
  WHIT_INLINE int32_t common(int32_t value, int16_t zero, int8_t left, int32_t multiplier, int8_t shift) {
    const uint32_t wide = static_cast<uint32_t>(value - zero);
    return requantize(static_cast<int32_t>(wide << left), multiplier, shift);
  }
  WHIT_INLINE T apply(const Parameters &p, T first, T second) {
    const int32_t difference = common(first, p.first_zero, p.left_shift, p.first_multiplier, p.first_shift) -
                               common(second, p.second_zero, p.left_shift, p.second_multiplier, p.second_shift);
    const int32_t scaled = requantize(difference * difference, p.output_multiplier, p.output_shift);
    return static_cast<T>(clamp(scaled + p.output_zero, p.output_low, p.output_high));
  }
};

struct FloatQuotient {
  typedef QuotientParameters Parameters;
  typedef float Element;
  typedef float Output;
  WHIT_INLINE float apply(const Parameters &p, float first, float second) {
    return clamp_float(first / second, p.output_low, p.output_high);
  }
};

// Towards zero, and 0 for a divisor of 0; the one quotient beyond 32 bits wraps.
struct IntegerQuotient {
  typedef IntegerQuotientParameters Parameters;
  typedef int32_t Element;
  typedef int32_t Output;
  WHIT_INLINE int32_t apply(const Parameters &p, int32_t first, int32_t second) {
    const int32_t quotient = second == 0    ? 0
                             : second == -1 ? static_cast<int32_t>(0U - static_cast<uint32_t>(first))
                                            : first / second;
    return clamp(quotient, p.output_low, p.output_high);
  }
};

// The dividend with as many more bits as 32 have room for, times the divisor's fixed-point reciprocal, rescaled with
// output_multiplier and output_shift. A divisor at its zero point counts as one step above.
struct QuantizedQuotient {
  typedef QuantizedPairParameters Parameters;
  typedef int8_t Element;
  typedef int8_t Output;
  WHIT_INLINE int8_t apply(const Parameters &p, int8_t first, int8_t second) {
    int32_t dividend = static_cast<int32_t>(first) - p.first_zero, divisor = static_cast<int32_t>(second) - p.second_zero;
    if (divisor < 0) {
      dividend = -dividend;
      divisor = -divisor;
    }
    const Reciprocal reciprocal = reciprocal_of(divisor == 0 ? 1 : divisor, 31);
    int8_t room = 0;
    for (; dividend != 0 && dividend >= -(int32_t{1} << 30) && dividend < int32_t{1} << 30; dividend *= 2) ++room;
    const int32_t quotient = doubling_high_multiply(dividend, reciprocal.reciprocal);
    const int32_t right = reciprocal.exponent + room - p.output_shift;
    const int32_t scaled = divide_by_power_of_two(doubling_high_multiply(quotient, p.output_multiplier),
                                                  right > 31 ? 31 : (right < 0 ? 0 : right));
    return static_cast<int8_t>(clamp(scaled + p.output_zero, p.output_low, p.output_high));
  }
};

struct FloorQuotient : PlainPair<float> {
  WHIT_INLINE float apply(const PlainPairParameters &, float first, float second) {
    return floor_float(first / second);
  }
};

// The remainder with the divisor's sign.
struct FloorRemainder : PlainPair<float> {
  WHIT_INLINE float apply(const PlainPairParameters &, float first, float second) {
    const float rest = remainder_float(first, second);
    return rest != 0.0F && (rest < 0.0F) != (second < 0.0F) ? rest + second : rest;
  }
};

struct FloatPrelu : PlainPair<float> {
  WHIT_INLINE float apply(const PlainPairParameters &, float value, float slope) {
    return value >= 0.0F ? value : value * slope;
  }
};

// first_multiplier: input scale / output scale; second_multiplier: that times the slopes' scale.
template <typename T>
struct QuantizedPrelu {
  typedef QuantizedPairParameters Parameters;
  typedef T Element;
  typedef T Output;
  WHIT_INLINE T apply(const Parameters &p, T stored, T slope) {
    const int32_t value = static_cast<int32_t>(stored) - p.first_zero;
    const int32_t scaled =
        value >= 0 ? requantize(value, p.first_multiplier, p.first_shift)
                   : requantize(value * (static_cast<int32_t>(slope) - p.second_zero), p.second_multiplier, p.second_shift);
    return static_cast<T>(clamp(scaled + p.output_zero, p.output_low, p.output_high));
  }
};

}  // namespace whit

#endif
