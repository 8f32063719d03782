// SPDX-License-Identifier: Apache-2.0
// For convolutions that copy columns of their input (all values of one input column that a window sees) into scratch,
// where the windows of neighbouring pixels overlap.
#ifndef WHIT_DEVICE_CORE_COLUMNS_HPP
#define WHIT_DEVICE_CORE_COLUMNS_HPP

#include "device/core/core.hpp"

namespace whit {

// Output columns [x, x + pixels) and the input columns [first, last) that they see, of which the first `kept` are in
// scratch already: input columns before `filled` are, or are no longer needed.
struct ColumnChunk {
  int32_t pixels, first, last, kept;
};

template <typename Parameters>
WHIT_INLINE ColumnChunk column_chunk(const Parameters &p, int32_t x, int32_t filled) {
  ColumnChunk chunk;
  chunk.pixels = p.output_width - x < p.chunk ? p.output_width - x : p.chunk;
  chunk.first = x * p.stride_width - p.padding_left;
  chunk.last = chunk.first + (chunk.pixels - 1) * p.stride_width + p.kernel_width;
  chunk.kept = filled > chunk.first ? filled - chunk.first : 0;
  return chunk;
}

// Moves `words` words to a lower place, over themselves if need be.
WHIT_INLINE void move_down(uint32_t *to, const uint32_t *from, int32_t words) {
  for (; words > 0; --words) *to++ = *from++;
}

}  // namespace whit

#endif
