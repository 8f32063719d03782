// SPDX-License-Identifier: Apache-2.0
// Functions of one number, portable, as Operations of `unary`. Rules: docs/semantics.md, "Functions of one number".
#ifndef WHIT_OPS_MATH_KERNEL_HPP
#define WHIT_OPS_MATH_KERNEL_HPP

#include "device/core/fixed_point.hpp"
#include "device/core/float_math.hpp"
#include "device/core/requantize.hpp"
#include "device/core/unary.hpp"

namespace whit {

#define WHIT_MATH_FIELDS(FIELD) FIELD(int32_t, count)
WHIT_PARAMETERS(MathParameters, WHIT_MATH_FIELDS)

#define WHIT_RESCALED_SIZE_FIELDS(FIELD)                                                 \
  FIELD(int32_t, count) FIELD(int32_t, multiplier) FIELD(int16_t, input_zero)            \
  FIELD(int16_t, output_zero) FIELD(int16_t, low) FIELD(int16_t, high) FIELD(int8_t, shift)
WHIT_PARAMETERS(RescaledSizeParameters, WHIT_RESCALED_SIZE_FIELDS)

#define WHIT_FLOAT_FUNCTION(Name, expression)                                          \
  struct Name {                                                                        \
    typedef MathParameters Parameters;                                                 \
    typedef float Input;                                                               \
    typedef float Output;                                                              \
    WHIT_INLINE float apply(const Parameters &, float x) { return expression; }        \
  };
WHIT_FLOAT_FUNCTION(FloatAbsolute, absolute(x))
WHIT_FLOAT_FUNCTION(FloatNegative, -x)
WHIT_FLOAT_FUNCTION(FloatSquare, x * x)
WHIT_FLOAT_FUNCTION(FloatRoot, sqrt_float(x))
WHIT_FLOAT_FUNCTION(FloatReciprocalRoot, 1.0F / sqrt_float(x))
WHIT_FLOAT_FUNCTION(FloatExponential, exp_of_any(x))
WHIT_FLOAT_FUNCTION(FloatLogarithm, log_float(x))
WHIT_FLOAT_FUNCTION(FloatSine, sine_of_quarters(x, 0))
WHIT_FLOAT_FUNCTION(FloatCosine, sine_of_quarters(x, 1))
WHIT_FLOAT_FUNCTION(FloatCeiling, ceil_float(x))
WHIT_FLOAT_FUNCTION(FloatFloor, floor_float(x))
WHIT_FLOAT_FUNCTION(FloatRounded, round_float(x))
WHIT_FLOAT_FUNCTION(FloatElu, x < 0.0F ? exp_minus_one(x) : x)
#undef WHIT_FLOAT_FUNCTION

struct LogicalNot {
  typedef MathParameters Parameters;
  typedef uint8_t Input;
  typedef uint8_t Output;
  WHIT_INLINE uint8_t apply(const Parameters &, uint8_t x) { return x == 0 ? 1 : 0; }
};

// |x| from the input's scale to the output's.
template <typename T>
struct RescaledSize {
  typedef RescaledSizeParameters Parameters;
  typedef T Input;
  typedef T Output;
  WHIT_INLINE T apply(const Parameters &p, T stored) {
    const int32_t distance = static_cast<int32_t>(stored) - p.input_zero;
    const int32_t size = distance < 0 ? -distance : distance;
    return static_cast<T>(clamp(requantize(size, p.multiplier, p.shift) + p.output_zero, p.low, p.high));
  }
};

// 1 / sqrt(x), `multiplier` and `shift` (less 20) holding 1 / (sqrt(input scale) * output scale); the largest value for
// what is not above 0.
struct ReciprocalRootInt16 {
  typedef RescaledSizeParameters Parameters;
  typedef int16_t Input;
  typedef int16_t Output;
  WHIT_INLINE int16_t apply(const Parameters &p, int16_t stored) {
    if (stored <= 0) return INT16_MAX;
    const InverseRoot root = inverse_root(stored);
    const int32_t scaled = requantize(1, root.multiplier, root.shift + 20);
    return static_cast<int16_t>(clamp(requantize(scaled, p.multiplier, p.shift), p.low, p.high));
  }
};

}  // namespace whit

#endif
