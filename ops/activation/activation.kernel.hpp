// SPDX-License-Identifier: Apache-2.0
// Activation functions on floats, and clamping of integers, portable, as Operations of `unary`.
// Rules: docs/semantics.md, "Activations".
#ifndef WHIT_OPS_ACTIVATION_KERNEL_HPP
#define WHIT_OPS_ACTIVATION_KERNEL_HPP

#include "device/core/float_math.hpp"
#include "device/core/unary.hpp"

namespace whit {

#define WHIT_CLAMP_FIELDS(FIELD) FIELD(int32_t, count) FIELD(int16_t, low) FIELD(int16_t, high)
WHIT_PARAMETERS(ClampParameters, WHIT_CLAMP_FIELDS)

#define WHIT_ACTIVATION_FIELDS(FIELD) FIELD(int32_t, count)
WHIT_PARAMETERS(ActivationParameters, WHIT_ACTIVATION_FIELDS)

#define WHIT_LEAKY_RELU_FIELDS(FIELD) FIELD(int32_t, count) FIELD(float, alpha)
WHIT_PARAMETERS(LeakyReluParameters, WHIT_LEAKY_RELU_FIELDS)

// Stored integers kept within limits.
template <typename T>
struct Clamp {
  typedef ClampParameters Parameters;
  typedef T Input;
  typedef T Output;
  WHIT_INLINE T apply(const Parameters &p, T value) {
    const T low = static_cast<T>(p.low), high = static_cast<T>(p.high);
    return value > high ? high : (value < low ? low : value);
  }
};

// What the float operations of one argument share.
struct FloatActivation {
  typedef ActivationParameters Parameters;
  typedef float Input;
  typedef float Output;
};

struct Relu : FloatActivation {
  WHIT_INLINE float apply(const Parameters &, float value) { return value < 0.0F ? 0.0F : value; }
};

struct Relu6 : FloatActivation {
  WHIT_INLINE float apply(const Parameters &, float value) {
    return value > 6.0F ? 6.0F : (value < 0.0F ? 0.0F : value);
  }
};

struct ReluN1To1 : FloatActivation {
  WHIT_INLINE float apply(const Parameters &, float value) {
    return value > 1.0F ? 1.0F : (value < -1.0F ? -1.0F : value);
  }
};

// x min(max(x + 3, 0), 6) / 6
struct HardSwish : FloatActivation {
  WHIT_INLINE float apply(const Parameters &, float value) {
    const float gate = value + 3.0F;
    return value * (gate < 0.0F ? 0.0F : (gate > 6.0F ? 6.0F : gate)) / 6.0F;
  }
};

struct Logistic : FloatActivation {
  WHIT_INLINE float apply(const Parameters &, float value) { return logistic_float(value); }
};

struct Tanh : FloatActivation {
  WHIT_INLINE float apply(const Parameters &, float value) { return tanh_float(value); }
};

// x for x > 0, alpha x otherwise.
struct LeakyRelu {
  typedef LeakyReluParameters Parameters;
  typedef float Input;
  typedef float Output;
  WHIT_INLINE float apply(const Parameters &p, float value) { return value > 0.0F ? value : value * p.alpha; }
};

}  // namespace whit

#endif
