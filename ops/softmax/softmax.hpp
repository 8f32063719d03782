// SPDX-License-Identifier: Apache-2.0
// softmax: input data of any shape, over its last axis; attribute "beta" (real, default 1):
// out[i] = e^(beta in[i]) / sum of e^(beta in[j]). int8 output has scale 1/256 and zero point -128.
#pragma once

#include "ops/op_def.hpp"

namespace whit {

// How int8 differences to a row's largest value become Q5.26, and from which difference on e^x counts as nothing.
struct SoftmaxScaling {
  int32_t multiplier = 0, shift = 0;  // difference * multiplier * 2^(shift - 31)
  int32_t least_difference = 0;
  bool possible = false;  // false when beta times the scale is too small (2^-26) or no number at all
};

SoftmaxScaling softmax_scaling(double beta, double input_scale);

}  // namespace whit
