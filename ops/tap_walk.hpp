// SPDX-License-Identifier: Apache-2.0
// How kernels that serve conv2d, grouped_conv2d, depthwise_conv2d and fully_connected alike find data and weights: a
// window over data, and for each output channel a stretch of channels at each of its taps. fully_connected is a 1 x 1
// window over rows.
#pragma once

#include "ops/fully_connected/fully_connected.hpp"
#include "ops/op_def.hpp"
#include "ops/weighted_sum.hpp"
#include "ops/window_geometry.hpp"

namespace whit {

// Whether all lengths fit 16 bits.
bool tap_walk_fits(const NodeView &node);
// The factors of the output channels.
std::vector<QuantizedMultiplier> tap_walk_multipliers(const NodeView &node);

struct TapWalk {
  WindowGeometry geometry{};
  int64_t summed = 0;      // channels that go into an output channel, from o / multiplier * summed on, or from 0 on
  int64_t multiplier = 0;  // where multiplier is 0
  int64_t output_step = 0, column_step = 0;  // weights from an output channel, a column of the window, to the next
};

TapWalk tap_walk(const NodeView &node);

// A parameter struct that begins with WHIT_TAP_WALK (device/core/tap_walk.hpp), that part filled in.
template <typename Parameters>
Parameters tap_walk_parameters(const NodeView &node) {
  const TapWalk walk = tap_walk(node);
  auto p = geometry_parameters<Parameters>(walk.geometry);
  p.summed = static_cast<int16_t>(walk.summed);
  p.multiplier = static_cast<int16_t>(walk.multiplier);
  p.output_step = static_cast<int32_t>(walk.output_step);
  p.column_step = static_cast<int32_t>(walk.column_step);
  return p;
}

}  // namespace whit
