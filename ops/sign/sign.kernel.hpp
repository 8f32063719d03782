// SPDX-License-Identifier: Apache-2.0
// sign, portable: out[i] is -1, 0 or 1 as in[i] is below, at or above 0.
#ifndef WHIT_OPS_SIGN_KERNEL_HPP
#define WHIT_OPS_SIGN_KERNEL_HPP

#include "device/core/core.hpp"

namespace whit {

#define WHIT_SIGN_FIELDS(FIELD) FIELD(int32_t, count)
WHIT_PARAMETERS(SignParameters, WHIT_SIGN_FIELDS)

WHIT_KERNEL void sign_float(const SignParameters *parameters, const float *input, float *output) {
  WHIT_LOAD_PARAMETERS(SignParameters, p, parameters);
  for (int32_t i = 0; i < p.count; ++i) output[i] = static_cast<float>((input[i] > 0.0F) - (input[i] < 0.0F));
}

}  // namespace whit

#endif
