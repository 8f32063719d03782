// SPDX-License-Identifier: Apache-2.0
// circular_buffer, portable: the last slices that came, oldest first, and whether it is time for what follows. `wait`: so
// many runs until then, this one among them; 0 where the count begins anew. Rules: docs/semantics.md, "circular_buffer".
#ifndef WHIT_OPS_CIRCULAR_BUFFER_KERNEL_HPP
#define WHIT_OPS_CIRCULAR_BUFFER_KERNEL_HPP

#include "device/core/core.hpp"

namespace whit {

#define WHIT_CIRCULAR_BUFFER_FIELDS(FIELD) FIELD(int32_t, slice) FIELD(int32_t, length) FIELD(int32_t, cycles)
WHIT_PARAMETERS(CircularBufferParameters, WHIT_CIRCULAR_BUFFER_FIELDS)

WHIT_KERNEL void circular_buffer(const CircularBufferParameters *parameters, const int8_t *input, int8_t *slices,
                                 int32_t *wait, int8_t *output, uint8_t *due) {
  WHIT_LOAD_PARAMETERS(CircularBufferParameters, p, parameters);
  const int32_t kept = p.length - p.slice;
  for (int32_t i = 0; i < kept; ++i) slices[i] = slices[i + p.slice];
  for (int32_t i = 0; i < p.slice; ++i) slices[kept + i] = input[i];
  for (int32_t i = 0; i < p.length; ++i) output[i] = slices[i];
  *wait = (*wait == 0 ? p.cycles : *wait) - 1;
  *due = *wait == 0;
}

}  // namespace whit

#endif
