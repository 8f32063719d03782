// SPDX-License-Identifier: Apache-2.0
// The sliding window on the device: which of its taps lie inside the input.
#ifndef WHIT_DEVICE_CORE_WINDOW_HPP
#define WHIT_DEVICE_CORE_WINDOW_HPP

#include "device/core/core.hpp"

namespace whit {

// The parameters of every windowed kernel, sizes in elements.
#define WHIT_WINDOW_GEOMETRY(FIELD)                                                       \
  FIELD(int16_t, input_height) FIELD(int16_t, input_width) FIELD(int16_t, input_channels) \
  FIELD(int16_t, output_height) FIELD(int16_t, output_width) FIELD(int16_t, output_channels) \
  FIELD(int16_t, kernel_height) FIELD(int16_t, kernel_width)                              \
  FIELD(int16_t, stride_height) FIELD(int16_t, stride_width)                              \
  FIELD(int16_t, dilation_height) FIELD(int16_t, dilation_width)                          \
  FIELD(int16_t, padding_top) FIELD(int16_t, padding_left)

// The taps of one axis that lie inside the input: [first, last) of a kernel of `taps` taps whose first tap is at
// `begin`.
struct TapRange {
  int16_t first, last;
};

WHIT_INLINE TapRange taps_inside(int16_t begin, int16_t taps, int16_t dilation, int16_t length) {
  TapRange range = {0, taps};
  while (range.first < taps && begin + range.first * dilation < 0) ++range.first;
  while (range.last > range.first && begin + (range.last - 1) * dilation >= length) --range.last;
  return range;
}

}  // namespace whit

#endif
