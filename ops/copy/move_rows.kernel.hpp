// SPDX-License-Identifier: Apache-2.0
// transpose, slice and broadcast_to where rows of bytes stay together, portable: the rows in the output's order, each
// moved by words. The box counts bytes.
#ifndef WHIT_OPS_MOVE_ROWS_KERNEL_HPP
#define WHIT_OPS_MOVE_ROWS_KERNEL_HPP

#include "device/core/move.hpp"
#include "device/core/strided.hpp"

namespace whit {

#define WHIT_MOVE_ROWS_FIELDS(FIELD) FIELD(int32_t, begin)
WHIT_PARAMETERS(MoveRowsParameters, WHIT_MOVE_ROWS_FIELDS)

WHIT_KERNEL void move_rows(const MoveRowsParameters *parameters, const int32_t *box, const void *input, void *output) {
  WHIT_LOAD_PARAMETERS(MoveRowsParameters, p, parameters);
  const int8_t *from = static_cast<const int8_t *>(input) + p.begin;
  int8_t *to = static_cast<int8_t *>(output);
  StridedWalk<1> walk(box);
  const int32_t bytes = walk.row_length();
  do {
    move_forward(to, from + walk.offset(0), bytes);
    to += bytes;
  } while (walk.next_row());
}

}  // namespace whit

#endif
