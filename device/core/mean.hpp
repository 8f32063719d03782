// SPDX-License-Identifier: Apache-2.0
// What the int8 kernels of mean share: data is outer kept x outer averaged x inner kept x inner averaged, output outer
// kept x inner kept. Rules: docs/semantics.md, "mean".
#ifndef WHIT_DEVICE_CORE_MEAN_HPP
#define WHIT_DEVICE_CORE_MEAN_HPP

#include "device/core/requantize.hpp"

namespace whit {

#define WHIT_MEAN_GROUPS(FIELD)                              \
  FIELD(int32_t, outer_kept) FIELD(int32_t, outer_averaged) \
  FIELD(int32_t, inner_kept) FIELD(int32_t, inner_averaged)

// multiplier and shift hold input scale / output scale / number of averaged values.
#define WHIT_MEAN_INT8_FIELDS(FIELD) \
  WHIT_MEAN_GROUPS(FIELD)            \
  FIELD(int32_t, zero_sum) FIELD(int32_t, multiplier) FIELD(int16_t, shift) FIELD(int16_t, output_zero)
WHIT_PARAMETERS(MeanInt8Parameters, WHIT_MEAN_INT8_FIELDS)

WHIT_INLINE int8_t mean_of_sum(const MeanInt8Parameters &p, int32_t sum) {
  return static_cast<int8_t>(clamp(requantize(sum - p.zero_sum, p.multiplier, p.shift) + p.output_zero, -128, 127));
}

}  // namespace whit

#endif
