// SPDX-License-Identifier: Apache-2.0
// How the fast kernels of depthwise_conv2d with a 3x3 window walk over their data, channel by channel: along rows of
// outputs that are rows of the image or, exchanged, its columns.
#pragma once

#include "ops/dsp_requantize.hpp"
#include "ops/kernel.hpp"

namespace whit {

// Bytes from one channel, row and column to the next.
struct ImageSteps {
  int64_t channel = 0, row = 0, column = 0;
};

// One direction of the window's movement.
struct WindowAxis {
  int64_t input = 0, output = 0, stride = 1, padding = 0;
};

// The node as a kernel walks it: rows of outputs along `columns`, `exchanged` when those are the image's columns.
struct DepthwiseWalk {
  WindowAxis rows{}, columns{};
  ImageSteps input{}, output{};
  bool exchanged = false;
};

DepthwiseWalk straight_walk(const NodeView &node);
DepthwiseWalk exchanged_walk(const NodeView &node);

// Whether the node is int8 with a 3x3 window that is not dilated.
bool is_depthwise_3x3(const NodeView &node);

// Whether each row of outputs lies where its own inputs did, which are all read by the time that it is written.
bool stays_in_place(const DepthwiseWalk &walk);

// Nine weights a channel, row by row of the walk; zeros in a channel that vanishes.
std::vector<int8_t> walked_weights(const NodeView &node, const DepthwiseWalk &walk, const DspRequantize &requantize);

// The parameters that kernels share.
template <typename Parameters>
void set_walk(Parameters &p, const NodeView &node, const DepthwiseWalk &walk) {
  p.channels = static_cast<int16_t>(node.output().shape[3]);
  p.multiplier = static_cast<int16_t>(node.output().shape[3] / node.input(0).shape[3]);
  p.input_rows = static_cast<int16_t>(walk.rows.input);
  p.input_columns = static_cast<int16_t>(walk.columns.input);
  p.output_rows = static_cast<int16_t>(walk.rows.output);
  p.output_columns = static_cast<int16_t>(walk.columns.output);
  p.stride_rows = static_cast<int16_t>(walk.rows.stride);
  p.padding_rows = static_cast<int16_t>(walk.rows.padding);
  p.padding_columns = static_cast<int16_t>(walk.columns.padding);
  p.input_zero = static_cast<int16_t>(node.input(0).quantization.zero_point());
  p.input_channel_step = static_cast<int32_t>(walk.input.channel);
  p.input_row_step = static_cast<int32_t>(walk.input.row);
  p.input_column_step = static_cast<int32_t>(walk.input.column);
  p.output_channel_step = static_cast<int32_t>(walk.output.channel);
  p.output_row_step = static_cast<int32_t>(walk.output.row);
  p.output_column_step = static_cast<int32_t>(walk.output.column);
}

}  // namespace whit
