// SPDX-License-Identifier: Apache-2.0
// gather and gather_nd, portable, on elements of any type: positions beyond the data's ends are taken as the ends, so
// that no input can make a chip read elsewhere.
#ifndef WHIT_OPS_GATHER_KERNEL_HPP
#define WHIT_OPS_GATHER_KERNEL_HPP

#include "device/core/source.hpp"

namespace whit {

#define WHIT_GATHER_FIELDS(FIELD) \
  FIELD(int32_t, batches) FIELD(int32_t, outer) FIELD(int32_t, length) FIELD(int32_t, positions) FIELD(int32_t, row)
WHIT_PARAMETERS(GatherParameters, WHIT_GATHER_FIELDS)

#define WHIT_GATHER_ND_FIELDS(FIELD) FIELD(int32_t, count) FIELD(int32_t, depth) FIELD(int32_t, row)
WHIT_PARAMETERS(GatherNdParameters, WHIT_GATHER_ND_FIELDS)

WHIT_INLINE int32_t within(int32_t position, int32_t length) {
  return position < 0 ? 0 : (position >= length ? length - 1 : position);
}

template <typename Data, typename T>
WHIT_INLINE T *copy_row(T *to, const T *from, int32_t row) {
  for (int32_t i = 0; i < row; ++i) *to++ = Data::read(from + i);
  return to;
}

// Data: batches x outer x length x row; positions: batches x positions; output: batches x outer x positions x row.
template <typename T, typename Data, typename Positions>
WHIT_KERNEL void gather(const GatherParameters *parameters, const T *data, const int32_t *positions, T *output) {
  WHIT_LOAD_PARAMETERS(GatherParameters, p, parameters);
  const ptrdiff_t block = static_cast<ptrdiff_t>(p.length) * p.row;
  for (int32_t batch = 0; batch < p.batches; ++batch, positions += p.positions)
    for (int32_t outer = 0; outer < p.outer; ++outer, data += block)
      for (int32_t i = 0; i < p.positions; ++i)
        output = copy_row<Data>(output, data + static_cast<ptrdiff_t>(within(Positions::read(positions + i), p.length)) * p.row, p.row);
}

// Positions: count x depth; `axes`: length and stride of each of the data's first `depth` axes.
template <typename T, typename Data, typename Positions>
WHIT_KERNEL void gather_nd(const GatherNdParameters *parameters, const int32_t *axes, const T *data,
                           const int32_t *positions, T *output) {
  WHIT_LOAD_PARAMETERS(GatherNdParameters, p, parameters);
  for (int32_t i = 0; i < p.count; ++i) {
    const T *from = data;
    for (int32_t axis = 0; axis < p.depth; ++axis)
      from += static_cast<ptrdiff_t>(within(Positions::read(positions++), load(axes + 2 * axis))) * load(axes + 2 * axis + 1);
    output = copy_row<Data>(output, from, p.row);
  }
}

}  // namespace whit

#endif
