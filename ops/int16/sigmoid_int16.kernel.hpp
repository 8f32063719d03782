// SPDX-License-Identifier: Apache-2.0
// logistic, tanh and leaky_relu on 16 bits, portable. Rules: docs/semantics.md, "Activations".
#ifndef WHIT_OPS_SIGMOID_INT16_KERNEL_HPP
#define WHIT_OPS_SIGMOID_INT16_KERNEL_HPP

#include "device/core/requantize.hpp"
#include "device/core/sigmoid_table.hpp"
#include "device/core/unary.hpp"

namespace whit {

#define WHIT_SIGMOID_INT16_FIELDS(FIELD) FIELD(int32_t, count) FIELD(int32_t, multiplier) FIELD(int8_t, left_shift)
WHIT_PARAMETERS(SigmoidInt16Parameters, WHIT_SIGMOID_INT16_FIELDS)

#define WHIT_LEAKY_RELU_INT16_FIELDS(FIELD)                                                          \
  FIELD(int32_t, count) FIELD(int32_t, multiplier) FIELD(int32_t, alpha_multiplier) FIELD(int8_t, shift) \
  FIELD(int8_t, alpha_shift) FIELD(int8_t, alpha_is_negative)
WHIT_PARAMETERS(LeakyReluInt16Parameters, WHIT_LEAKY_RELU_INT16_FIELDS)

WHIT_INLINE int32_t sigmoid_argument(const SigmoidInt16Parameters &p, int16_t value) {
  const int32_t half = p.left_shift > 0 ? int32_t{1} << (p.left_shift - 1) : 0;
  return (value * p.multiplier + half) >> p.left_shift;
}

WHIT_KERNEL void logistic_int16(const SigmoidInt16Parameters *parameters, const int16_t *table, const int16_t *input,
                                int16_t *output) {
  WHIT_LOAD_PARAMETERS(SigmoidInt16Parameters, p, parameters);
  for (int32_t i = 0; i < p.count; ++i) output[i] = logistic_of_argument(table, sigmoid_argument(p, input[i]));
}

WHIT_KERNEL void tanh_int16(const SigmoidInt16Parameters *parameters, const int16_t *table, const int16_t *input,
                            int16_t *output) {
  WHIT_LOAD_PARAMETERS(SigmoidInt16Parameters, p, parameters);
  for (int32_t i = 0; i < p.count; ++i) output[i] = tanh_of_argument(table, sigmoid_argument(p, input[i]));
}

struct LeakyReluInt16 {
  typedef LeakyReluInt16Parameters Parameters;
  typedef int16_t Input;
  typedef int16_t Output;
  WHIT_INLINE int16_t apply(const Parameters &p, int16_t value) {
    int32_t scaled;
    if (value >= 0) {
      scaled = requantize(value, p.multiplier, p.shift);
    } else {
      scaled = requantize(value, p.alpha_multiplier, p.alpha_shift);
      if (p.alpha_is_negative != 0) scaled = -scaled;
    }
    return static_cast<int16_t>(clamp(scaled, INT16_MIN, INT16_MAX));
  }
};

}  // namespace whit

#endif
