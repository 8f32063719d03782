// SPDX-License-Identifier: Apache-2.0
// pad, portable: the whole output takes the padding value, then the input is copied into it row by row.
#ifndef WHIT_OPS_PAD_KERNEL_HPP
#define WHIT_OPS_PAD_KERNEL_HPP

#include "device/core/strided.hpp"

namespace whit {

#define WHIT_PAD_FIELDS(FIELD) FIELD(int32_t, output_count) FIELD(int32_t, begin)
WHIT_PARAMETERS(PadParameters, WHIT_PAD_FIELDS)

// `box`: the input in memory order, with the output's stride along each axis; `begin`: where its first element goes.
template <typename T>
WHIT_KERNEL void pad(const PadParameters *parameters, const int32_t *box, const T *value, const T *input, T *output) {
  WHIT_LOAD_PARAMETERS(PadParameters, p, parameters);
  const T fill = load(value);
  for (int32_t i = 0; i < p.output_count; ++i) output[i] = fill;
  StridedWalk<1> walk(box);
  const int32_t length = walk.row_length(), step = walk.row_stride(0);
  do {
    T *out = output + p.begin + walk.offset(0);
    for (int32_t i = 0; i < length; ++i, out += step) *out = *input++;
  } while (walk.next_row());
}

}  // namespace whit

#endif
