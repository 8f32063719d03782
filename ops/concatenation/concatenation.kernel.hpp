// SPDX-License-Identifier: Apache-2.0
// concatenation, portable, of any number of inputs of any type: each row of the output is a row of the first input,
// then a row of the second, and so on; a row is everything from the joined axis inwards.
#ifndef WHIT_OPS_CONCATENATION_KERNEL_HPP
#define WHIT_OPS_CONCATENATION_KERNEL_HPP

#include "device/core/move.hpp"

namespace whit {

#define WHIT_CONCATENATION_FIELDS(FIELD) FIELD(int32_t, rows)
WHIT_PARAMETERS(ConcatenationParameters, WHIT_CONCATENATION_FIELDS)

WHIT_INLINE void copy_constant(int8_t *to, const int8_t *from, int32_t length) {
#if defined(__AVR__)
  memcpy_P(to, from, static_cast<size_t>(length));
#else
  move_forward(to, from, length);
#endif
}

// Inputs may overlap the bytes behind what is written. `row_bytes`: the length of each input's rows, negative for an input that is a constant.
template <typename... Inputs>
WHIT_KERNEL void concatenation(const ConcatenationParameters *parameters, const int32_t *row_bytes, void *output,
                               const Inputs *...inputs) {
  WHIT_LOAD_PARAMETERS(ConcatenationParameters, p, parameters);
  const int8_t *from[] = {reinterpret_cast<const int8_t *>(inputs)...};
  int8_t *to = static_cast<int8_t *>(output);
  for (int32_t row = 0; row < p.rows; ++row)
    for (size_t input = 0; input < sizeof...(inputs); ++input) {
      const int32_t length = load(row_bytes + input);
      const int32_t bytes = length < 0 ? -length : length;
      if (length < 0)
        copy_constant(to, from[input], bytes);
      else
        move_forward(to, from[input], bytes);
      from[input] += bytes;
      to += bytes;
    }
}

}  // namespace whit

#endif
