// SPDX-License-Identifier: Apache-2.0
// dynamic_update_slice, portable: a copy of the data, into which the update is written from `begin` on; begins are moved
// so that the update lies within.
#ifndef WHIT_OPS_UPDATE_KERNEL_HPP
#define WHIT_OPS_UPDATE_KERNEL_HPP

#include "device/core/source.hpp"
#include "device/core/strided.hpp"

namespace whit {

#define WHIT_UPDATE_FIELDS(FIELD) FIELD(int32_t, count) FIELD(int8_t, axes)
WHIT_PARAMETERS(UpdateParameters, WHIT_UPDATE_FIELDS)

// `limits`: for each axis the last legal begin and the data's stride; `box`: the update in order, with the data's strides.
template <typename T, typename Data, typename Update, typename Begin>
WHIT_KERNEL void update_slice(const UpdateParameters *parameters, const int32_t *limits, const int32_t *box,
                              const T *data, const T *update, const int32_t *begin, T *output) {
  WHIT_LOAD_PARAMETERS(UpdateParameters, p, parameters);
  int32_t offset = 0;
  for (int8_t axis = 0; axis < p.axes; ++axis) {
    const int32_t last = load(limits + 2 * axis), wanted = Begin::read(begin + axis);
    offset += (wanted < 0 ? 0 : (wanted > last ? last : wanted)) * load(limits + 2 * axis + 1);
  }
  for (int32_t i = 0; i < p.count; ++i) output[i] = Data::read(data + i);
  StridedWalk<1> walk(box);
  const int32_t length = walk.row_length(), step = walk.row_stride(0);
  do {
    T *out = output + offset + walk.offset(0);
    for (int32_t i = 0; i < length; ++i, out += step) *out = Update::read(update++);
  } while (walk.next_row());
}

}  // namespace whit

#endif
