// SPDX-License-Identifier: Apache-2.0
// What the kernels of resize_bilinear share: the images' sizes, and the lists of places that the host makes.
#ifndef WHIT_DEVICE_CORE_RESIZE_HPP
#define WHIT_DEVICE_CORE_RESIZE_HPP

#include "device/core/core.hpp"

namespace whit {

#define WHIT_RESIZE_FIELDS(FIELD)                                                                  \
  FIELD(int16_t, batches) FIELD(int16_t, input_height) FIELD(int16_t, input_width)                 \
  FIELD(int16_t, output_height) FIELD(int16_t, output_width) FIELD(int16_t, channels)
WHIT_PARAMETERS(ResizeParameters, WHIT_RESIZE_FIELDS)

// One place along an axis, as the lists hold it.
template <typename Weight>
struct Between {
  Weight upper_weight;
  ptrdiff_t lower, upper;  // in elements
};

// `places`: lower and upper, an output place each; `weights`: the upper one's.
template <typename Weight>
WHIT_INLINE Between<Weight> between(const int16_t *places, const Weight *weights, int16_t i, ptrdiff_t step) {
  Between<Weight> result = {load(weights + i), load(places + 2 * i) * step, load(places + 2 * i + 1) * step};
  return result;
}

}  // namespace whit

#endif
