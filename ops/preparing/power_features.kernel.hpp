// SPDX-License-Identifier: Apache-2.0
// power_features, portable: each feature raised to a power of its own. Rules: docs/semantics.md, "power_features".
#ifndef WHIT_OPS_POWER_FEATURES_KERNEL_HPP
#define WHIT_OPS_POWER_FEATURES_KERNEL_HPP

#include "device/core/float_math.hpp"

namespace whit {

#define WHIT_POWER_FEATURES_FIELDS(FIELD) FIELD(int16_t, count) FIELD(int8_t, negative)
WHIT_PARAMETERS(PowerFeaturesParameters, WHIT_POWER_FEATURES_FIELDS)

// (base^exponent - 1) / exponent, which is the logarithm for an exponent of 0.
WHIT_KERNEL float box_cox(float base, float exponent) {
  if (!(base <= base)) return base;  // not-a-number is handed on
  const float logarithm = log_float(base);
  return exponent == 0.0F ? logarithm : exp_minus_one(exponent * logarithm) / exponent;
}

WHIT_KERNEL float yeo_johnson(float x, float exponent) { return x < 0.0F ? -box_cox(1.0F - x, 2.0F - exponent) : box_cox(1.0F + x, exponent); }

WHIT_KERNEL void power_features(const PowerFeaturesParameters *parameters, const float *input, const float *exponents, float *output) {
  WHIT_LOAD_PARAMETERS(PowerFeaturesParameters, p, parameters);
  for (int16_t i = 0; i < p.count; ++i) output[i] = p.negative != 0 ? yeo_johnson(input[i], load(exponents + i)) : box_cox(input[i], load(exponents + i));
}

}  // namespace whit

#endif
