// SPDX-License-Identifier: Apache-2.0
// mean, portable: data is outer kept x outer averaged x inner kept x inner averaged, output outer kept x inner kept.
// Rules: docs/semantics.md, "mean".
#ifndef WHIT_OPS_REDUCE_MEAN_KERNEL_HPP
#define WHIT_OPS_REDUCE_MEAN_KERNEL_HPP

#include "device/core/mean.hpp"

namespace whit {

#define WHIT_MEAN_FLOAT_FIELDS(FIELD) WHIT_MEAN_GROUPS(FIELD)
WHIT_PARAMETERS(MeanFloatParameters, WHIT_MEAN_FLOAT_FIELDS)

// The sum behind one output value, in the order of the data.
template <typename Sum, typename Parameters, typename Element>
WHIT_INLINE Sum mean_sum(const Parameters &p, const Element *data) {
  const ptrdiff_t inner = p.inner_averaged, step = static_cast<ptrdiff_t>(p.inner_kept) * inner;
  Sum sum = 0;
  for (ptrdiff_t outer = p.outer_averaged; outer > 0; --outer, data += step)
    for (ptrdiff_t i = 0; i < inner; ++i) sum += data[i];
  return sum;
}

WHIT_KERNEL void mean_int8(const MeanInt8Parameters *parameters, const int8_t *input, int8_t *output) {
  WHIT_LOAD_PARAMETERS(MeanInt8Parameters, p, parameters);
  const ptrdiff_t kept = p.inner_kept, inner = p.inner_averaged;
  const ptrdiff_t block = static_cast<ptrdiff_t>(p.outer_averaged) * kept * inner;
  for (int32_t outer = 0; outer < p.outer_kept; ++outer, input += block)
    for (ptrdiff_t column = 0; column < kept; ++column)
      *output++ = mean_of_sum(p, mean_sum<int32_t>(p, input + column * inner));
}

WHIT_KERNEL void mean_float(const MeanFloatParameters *parameters, const float *input, float *output) {
  WHIT_LOAD_PARAMETERS(MeanFloatParameters, p, parameters);
  const ptrdiff_t kept = p.inner_kept, inner = p.inner_averaged;
  const ptrdiff_t block = static_cast<ptrdiff_t>(p.outer_averaged) * kept * inner;
  const float count = static_cast<float>(p.outer_averaged * p.inner_averaged);
  for (int32_t outer = 0; outer < p.outer_kept; ++outer, input += block)
    for (ptrdiff_t column = 0; column < kept; ++column)
      *output++ = mean_sum<float>(p, input + column * inner) / count;
}

}  // namespace whit

#endif
