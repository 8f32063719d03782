// SPDX-License-Identifier: Apache-2.0
// One function of one element, applied to a whole tensor in memory order.
//
// An Operation names its Parameters (with a field `count`), Input and Output, and has apply(parameters, value).
#ifndef WHIT_DEVICE_CORE_UNARY_HPP
#define WHIT_DEVICE_CORE_UNARY_HPP

#include "device/core/core.hpp"

namespace whit {

template <typename Operation>
WHIT_KERNEL void unary(const typename Operation::Parameters *parameters, const typename Operation::Input *input,
                       typename Operation::Output *output) {
  WHIT_LOAD_PARAMETERS(typename Operation::Parameters, p, parameters);
  for (int32_t i = 0; i < p.count; ++i) output[i] = Operation::apply(p, input[i]);
}

}  // namespace whit

#endif
