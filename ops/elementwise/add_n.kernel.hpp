// SPDX-License-Identifier: Apache-2.0
// add_n on int8, portable: the sum of inputs of one scale, rescaled once. Rules: docs/semantics.md, "Element-wise
// arithmetic".
#ifndef WHIT_OPS_ADD_N_KERNEL_HPP
#define WHIT_OPS_ADD_N_KERNEL_HPP

#include "device/core/requantize.hpp"

namespace whit {

#define WHIT_ADD_N_FIELDS(FIELD) \
  FIELD(int32_t, count) FIELD(int32_t, multiplier) FIELD(int16_t, zeros) FIELD(int16_t, output_zero) FIELD(int8_t, shift)
WHIT_PARAMETERS(AddNParameters, WHIT_ADD_N_FIELDS)

// `zeros`: what all zero points take off the sum, which has the reference's 19 more bits within 32: more than 15 inputs wrap.
template <typename... Inputs>
WHIT_KERNEL void add_n_int8(const AddNParameters *parameters, int8_t *output, const Inputs *...inputs) {
  WHIT_LOAD_PARAMETERS(AddNParameters, p, parameters);
  const int8_t *from[] = {inputs...};
  for (int32_t i = 0; i < p.count; ++i) {
    int16_t sum = static_cast<int16_t>(-p.zeros);
    for (size_t input = 0; input < sizeof...(inputs); ++input) sum = static_cast<int16_t>(sum + from[input][i]);
    const uint32_t shifted = static_cast<uint32_t>(static_cast<int32_t>(sum)) << 19;
    const int32_t value = requantize(static_cast<int32_t>(shifted), p.multiplier, p.shift);
    output[i] = static_cast<int8_t>(clamp(value + p.output_zero, -128, 127));
  }
}

}  // namespace whit

#endif
