// SPDX-License-Identifier: Apache-2.0
// The loops of kernels that walk a window's taps (tap_walk.hpp), two output channels at a time where both read the same
// data. What a sum is and how it is stored is the layer's matter.
#ifndef WHIT_DEVICE_CORE_TAP_WALK_DSP_HPP
#define WHIT_DEVICE_CORE_TAP_WALK_DSP_HPP

#include "device/core/tap_walk.hpp"

namespace whit {

// Layer: `p`, its parameters; types Data (of input and output) and Sums, which has `first` and `second`; of the layer, `begin`, the
// sums of two output channels before the first tap; `add`, one stretch of data with two of weights, the second `apart`
// behind the first; `result` of a channel's sum. The sums of a channel that goes alone are formed twice.
template <typename Layer>
WHIT_INLINE void walk_output_pairs(const Layer &layer, const typename Layer::Data *input, const int8_t *weights,
                                   typename Layer::Data *output) {
  for (int16_t y = 0; y < layer.p.output_height; ++y)
    for (int16_t x = 0; x < layer.p.output_width; ++x, output += layer.p.output_channels) {
      const WindowTaps taps = window_taps(layer.p, y, x);
      const int8_t *first_tap = weights + first_weight(layer.p, taps);
      for (int16_t out = 0; out < layer.p.output_channels;) {
        const int16_t next = static_cast<int16_t>(out + 1);
        const bool pairs = next < layer.p.output_channels && first_channel(layer.p, out) == first_channel(layer.p, next);
        const ptrdiff_t apart = pairs ? layer.p.output_step : 0;
        typename Layer::Sums sums = Layer::begin(layer, out, pairs ? next : out);
        const typename Layer::Data *row = input + taps.data + first_channel(layer.p, out);
        const int8_t *weight_row = first_tap + out * layer.p.output_step;
        for (int16_t left = taps.rows; left != 0; --left) {
          const typename Layer::Data *data = row;
          const int8_t *weight = weight_row;
          for (int16_t columns = taps.columns; columns != 0; --columns, data += taps.data_column, weight += layer.p.column_step)
            sums = Layer::add(layer, sums, data, weight, apart);
          row += taps.data_row;
          weight_row += layer.p.kernel_width * layer.p.column_step;
        }
        output[out] = Layer::result(layer, sums.first, out);
        if (pairs) output[next] = Layer::result(layer, sums.second, next);
        out = static_cast<int16_t>(next + (pairs ? 1 : 0));
      }
    }
}

}  // namespace whit

#endif
