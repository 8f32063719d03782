// SPDX-License-Identifier: Apache-2.0
// arg_max and arg_min, portable: the position of the largest (smallest) value along one axis, the first of equal ones.
// Data: outer x length x inner; output: outer x inner.
#ifndef WHIT_OPS_ARG_KERNEL_HPP
#define WHIT_OPS_ARG_KERNEL_HPP

#include "device/core/core.hpp"

namespace whit {

#define WHIT_ARG_FIELDS(FIELD) FIELD(int32_t, outer) FIELD(int32_t, length) FIELD(int32_t, inner)
WHIT_PARAMETERS(ArgParameters, WHIT_ARG_FIELDS)

template <typename T, bool largest>
WHIT_KERNEL void arg_extreme(const ArgParameters *parameters, const T *data, int32_t *output) {
  WHIT_LOAD_PARAMETERS(ArgParameters, p, parameters);
  const ptrdiff_t inner = p.inner, block = inner * p.length;
  for (int32_t outer = 0; outer < p.outer; ++outer, data += block)
    for (ptrdiff_t column = 0; column < inner; ++column) {
      T best = data[column];
      int32_t place = 0;
      for (int32_t i = 1; i < p.length; ++i) {
        const T value = data[column + i * inner];
        if (largest ? value > best : value < best) {
          best = value;
          place = i;
        }
      }
      *output++ = place;
    }
}

}  // namespace whit

#endif
