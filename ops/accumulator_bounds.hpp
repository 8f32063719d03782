// SPDX-License-Identifier: Apache-2.0
// What the sums of a quantised conv-like node can be, whatever its input: exact facts from its constants.
//
// Kernels ask whether an accumulator fits a cheaper requantisation; the dead-channel pass asks which channels never
// change. Nodes are those of operators with a `weight_order`: conv2d, depthwise_conv2d, fully_connected.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ops/op_def.hpp"

namespace whit {

// Which output channel and which data channel (index along the data's last axis) the weight at a flat index joins.
struct WeightMap {
  WeightOrder order = WeightOrder::none;
  int64_t outputs = 0;       // output channels
  int64_t channels = 0;      // data channels
  int64_t per_output = 0;    // weights of one output channel

  // Whether each weight meets one data channel, the same in every sum (not where rows of a fully_connected straddle the
  // last axis). channel_of is only meaningful then.
  bool joins_channels() const;
  int64_t weights() const { return outputs * per_output; }
  int64_t output_of(int64_t weight) const;
  int64_t channel_of(int64_t weight) const;
};

// Whether a window reaches into padding, where it finds no data.
bool pads(const NodeView &node);

// The map of a verified node whose operator has a weight order.
WeightMap weight_map(const NodeView &node);

// Whether bounds can be given: int8, uint8 or int16 data and output, constant int8 weights, constant or no bias.
bool has_accumulator_bounds(const NodeView &node);

// Lowest and highest bias + sum w * (x - zero point), one interval an output channel, over all stored inputs x.
// Terms of taps in the padding count as 0. Any partial sum that starts at the bias lies in it too.
std::vector<Interval> accumulator_bounds(const NodeView &node);

// The same where data channel c only holds values of data[c] (an entry a channel of the data's last axis); the weights
// join channels. Without padding no term is taken as absent, so the interval of a constant input is a single value.
std::vector<Interval> accumulator_bounds(const NodeView &node, std::span<const Interval> data);

// Lowest and highest stored output of each channel whose accumulator lies in those bounds: the device's own
// requantisation, zero point and fused activation. All of the output's type where 32-bit arithmetic could overflow.
std::vector<Interval> requantized_bounds(const NodeView &node, std::span<const Interval> accumulators);

// UserError (place: the node) when a sum, or a step from it back to the output's type, could leave 32 bits; no model
// that a converter wrote does. Nodes without bounds pass.
void check_sums(const NodeView &node);

}  // namespace whit
