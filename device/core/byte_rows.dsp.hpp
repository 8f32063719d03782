// SPDX-License-Identifier: Apache-2.0
// Two tensors of bytes that broadcast against each other, four elements at a time: the walk of device/core/strided.hpp
// along whose rows each operand goes byte by byte or stands still.
//
// An Operation names its Parameters and has four(parameters, first, second), the results of four bytes each, and
// one(parameters, first, second), that of a single one.
#ifndef WHIT_DEVICE_CORE_BYTE_ROWS_DSP_HPP
#define WHIT_DEVICE_CORE_BYTE_ROWS_DSP_HPP

#include "device/core/instructions.dsp.hpp"
#include "device/core/strided.hpp"

#if defined(__ARM_FEATURE_DSP)

namespace whit {

// Where the row reads its words: at the operand, or at a word of the one byte that all of it has.
WHIT_INLINE const int8_t *row_of(const int8_t *operand, int32_t step, uint32_t &repeated) {
  if (step != 0) return operand;
  repeated = static_cast<uint8_t>(*operand) * 0x01010101U;
  return reinterpret_cast<const int8_t *>(&repeated);
}

template <typename Operation>
WHIT_INLINE void walk_byte_rows(const typename Operation::Parameters &p, const int32_t *box, const int8_t *first,
                                const int8_t *second, int8_t *output) {
  StridedWalk<2> walk(box);
  const int32_t length = walk.row_length(), first_step = walk.row_stride(0), second_step = walk.row_stride(1);
  do {
    uint32_t repeated[2];
    const int8_t *a = row_of(first + walk.offset(0), first_step, repeated[0]);
    const int8_t *b = row_of(second + walk.offset(1), second_step, repeated[1]);
    int32_t left = length;
    for (; left >= 4; left -= 4, a += 4 * first_step, b += 4 * second_step, output += 4)
      store_word(output, Operation::four(p, load_word(a), load_word(b)));
    for (; left > 0; --left, a += first_step, b += second_step) *output++ = Operation::one(p, *a, *b);
  } while (walk.next_row());
}

}  // namespace whit

#endif
#endif
