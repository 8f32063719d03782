// SPDX-License-Identifier: Apache-2.0
// Sums of products of bytes for cores with DSP instructions: one stretch of data with two stretches of weights, four
// products of each by two instructions. Bytes widen alike on both sides, 0 and 2, then 1 and 3, so nothing is packed.
#ifndef WHIT_DEVICE_CORE_DOT_DSP_HPP
#define WHIT_DEVICE_CORE_DOT_DSP_HPP

#include "device/core/instructions.dsp.hpp"

#if defined(__ARM_FEATURE_DSP)

namespace whit {

struct TwoDots {
  int32_t first, second;
};

// The weights of the second sum lie `apart` bytes behind those of the first. `data_offset` and `weight_offset` are added
// to every byte of data and weights; both sides are of int8.
WHIT_INLINE TwoDots add_dots(TwoDots dots, const int8_t *data, int32_t data_offset, const int8_t *weights, ptrdiff_t apart,
                             int32_t weight_offset, int32_t count) {
  const uint32_t offsets = pair_of(data_offset), weight_offsets = pair_of(weight_offset);
  int32_t first = dots.first, second = dots.second;
  for (; count >= 4; count -= 4, data += 4, weights += 4) {
    const uint32_t four = load_word(data), near = load_word(weights), far = load_word(weights + apart);
    const uint32_t even = add_even(offsets, four), odd = add_odd(offsets, four);
    first = add_products(add_products(first, even, add_even(weight_offsets, near)), odd, add_odd(weight_offsets, near));
    second = add_products(add_products(second, even, add_even(weight_offsets, far)), odd, add_odd(weight_offsets, far));
  }
  for (; count > 0; --count, ++data, ++weights) {
    const int32_t value = *data + data_offset;
    first += value * (*weights + weight_offset);
    second += value * (weights[apart] + weight_offset);
  }
  const TwoDots sums = {first, second};
  return sums;
}

}  // namespace whit

#endif
#endif
