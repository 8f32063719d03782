// SPDX-License-Identifier: Apache-2.0
// log_softmax, portable: x - max - ln(sum of e^(x - max)) along the last axis.
#ifndef WHIT_OPS_LOG_SOFTMAX_KERNEL_HPP
#define WHIT_OPS_LOG_SOFTMAX_KERNEL_HPP

#include "device/core/float_math.hpp"

namespace whit {

#define WHIT_LOG_SOFTMAX_FIELDS(FIELD) FIELD(int32_t, rows) FIELD(int32_t, length)
WHIT_PARAMETERS(LogSoftmaxParameters, WHIT_LOG_SOFTMAX_FIELDS)

WHIT_KERNEL void log_softmax_float(const LogSoftmaxParameters *parameters, const float *input, float *output) {
  WHIT_LOAD_PARAMETERS(LogSoftmaxParameters, p, parameters);
  for (int32_t row = 0; row < p.rows; ++row, input += p.length, output += p.length) {
    float largest = input[0], sum = 0.0F;
    for (int32_t i = 1; i < p.length; ++i)
      if (input[i] > largest) largest = input[i];
    for (int32_t i = 0; i < p.length; ++i) sum += exp_float(input[i] - largest);
    const float logarithm = log_float(sum);
    for (int32_t i = 0; i < p.length; ++i) output[i] = input[i] - largest - logarithm;
  }
}

}  // namespace whit

#endif
