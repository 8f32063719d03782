// SPDX-License-Identifier: Apache-2.0
// copy, portable: as many bytes from one tensor to another.
#ifndef WHIT_OPS_COPY_KERNEL_HPP
#define WHIT_OPS_COPY_KERNEL_HPP

#include "device/core/move.hpp"

namespace whit {

#define WHIT_COPY_FIELDS(FIELD) FIELD(int32_t, bytes)
WHIT_PARAMETERS(CopyParameters, WHIT_COPY_FIELDS)

WHIT_KERNEL void copy(const CopyParameters *parameters, const void *input, void *output) {
  WHIT_LOAD_PARAMETERS(CopyParameters, p, parameters);
  move_forward(output, input, p.bytes);
}

}  // namespace whit

#endif
