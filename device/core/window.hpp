// SPDX-License-Identifier: Apache-2.0
// The sliding window on the device: which of its taps lie inside the input, and where.
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

// The taps of one output position that lie inside the input: how many, which is the first, and its offset in elements
// from the first data of a channel, with the steps from tap to tap. Offsets are as wide as the chip's addresses.
struct WindowTaps {
  int16_t first_row, first_column, rows, columns;
  ptrdiff_t data, data_row, data_column;
};

template <typename Parameters>
WHIT_INLINE WindowTaps window_taps(const Parameters &p, int16_t y, int16_t x) {
  const int16_t top = static_cast<int16_t>(y * p.stride_height - p.padding_top);
  const int16_t left = static_cast<int16_t>(x * p.stride_width - p.padding_left);
  const TapRange rows = taps_inside(top, p.kernel_height, p.dilation_height, p.input_height);
  const TapRange columns = taps_inside(left, p.kernel_width, p.dilation_width, p.input_width);
  const ptrdiff_t row = static_cast<ptrdiff_t>(p.input_width) * p.input_channels;
  const ptrdiff_t first_row = top + rows.first * p.dilation_height;
  const ptrdiff_t first_column = left + columns.first * p.dilation_width;
  const WindowTaps taps = {rows.first,
                           columns.first,
                           static_cast<int16_t>(rows.last - rows.first),
                           static_cast<int16_t>(columns.last - columns.first),
                           first_row * row + first_column * p.input_channels,
                           row * p.dilation_height,
                           static_cast<ptrdiff_t>(p.dilation_width) * p.input_channels};
  return taps;
}

}  // namespace whit

#endif
