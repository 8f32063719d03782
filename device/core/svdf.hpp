// SPDX-License-Identifier: Apache-2.0
// What the int8 kernels of svdf share: the parameters, and how sums over time become outputs. Rules:
// docs/semantics.md, "svdf".
#ifndef WHIT_DEVICE_CORE_SVDF_HPP
#define WHIT_DEVICE_CORE_SVDF_HPP

#include "device/core/requantize.hpp"

namespace whit {

#define WHIT_SVDF_SIZE(FIELD) \
  FIELD(int16_t, batches) FIELD(int16_t, features) FIELD(int16_t, units) FIELD(int16_t, rank) FIELD(int16_t, memory)

#define WHIT_SVDF_INT8_FIELDS(FIELD)                                                                            \
  WHIT_SVDF_SIZE(FIELD)                                                                                         \
  FIELD(int16_t, input_zero) FIELD(int16_t, state_zero) FIELD(int16_t, output_zero)                             \
  FIELD(int32_t, feature_multiplier) FIELD(int32_t, time_multiplier) FIELD(int8_t, feature_shift) FIELD(int8_t, time_shift)
WHIT_PARAMETERS(SvdfInt8Parameters, WHIT_SVDF_INT8_FIELDS)

WHIT_INLINE int8_t svdf_output(const SvdfInt8Parameters &p, uint32_t time_sum) {
  const int32_t value = requantize(static_cast<int32_t>(time_sum), p.time_multiplier, p.time_shift) + p.output_zero;
  return static_cast<int8_t>(clamp(value, INT8_MIN, INT8_MAX));
}

}  // namespace whit

#endif
