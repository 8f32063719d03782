// SPDX-License-Identifier: Apache-2.0
// The parameters of kernels that serve convolutions, grouped and depthwise ones and fully connected layers alike: a
// window, and at each of its taps a stretch of channels.
#ifndef WHIT_DEVICE_CORE_TAP_WALK_HPP
#define WHIT_DEVICE_CORE_TAP_WALK_HPP

#include "device/core/window.hpp"

namespace whit {

// `summed` data channels from `first_channel` on go into an output channel. The weights of neighbouring output channels,
// and of neighbouring columns of the window, lie so many weights apart.
#define WHIT_TAP_WALK(FIELD)                                              \
  WHIT_WINDOW_GEOMETRY(FIELD) FIELD(int16_t, summed) FIELD(int16_t, multiplier) \
  FIELD(int32_t, output_step) FIELD(int32_t, column_step)

template <typename Parameters>
WHIT_INLINE int16_t first_channel(const Parameters &p, int16_t output) {
  return p.multiplier == 0 ? int16_t{0} : static_cast<int16_t>(output / p.multiplier * p.summed);
}

// Where the weights of the first tap inside the input begin, from an output channel's first.
template <typename Parameters>
WHIT_INLINE int32_t first_weight(const Parameters &p, const WindowTaps &taps) {
  return (static_cast<int32_t>(taps.first_row) * p.kernel_width + taps.first_column) * p.column_step;
}

}  // namespace whit

#endif
