// SPDX-License-Identifier: Apache-2.0
// Walks from shapes, layouts and window.
#include "ops/depthwise_conv2d/depthwise_walk.hpp"

#include <utility>

#include "ops/depthwise_conv2d/depthwise_conv2d.hpp"
#include "ops/weighted_sum.hpp"

namespace whit {

namespace {

ImageSteps steps_of(const Tensor &tensor) {
  const int64_t height = tensor.shape[1], width = tensor.shape[2], channels = tensor.shape[3];
  if (tensor.layout == Layout::planar) return {.channel = height * width, .row = width, .column = 1};
  return {.channel = 1, .row = width * channels, .column = channels};
}

}  // namespace

DepthwiseWalk straight_walk(const NodeView &node) {
  const WindowGeometry g = depthwise_conv2d_geometry(node);
  return {.rows = {g.input_height, g.output_height, g.window.stride_height, g.window.padding_top},
          .columns = {g.input_width, g.output_width, g.window.stride_width, g.window.padding_left},
          .input = steps_of(node.input(0)),
          .output = steps_of(node.output())};
}

DepthwiseWalk exchanged_walk(const NodeView &node) {
  DepthwiseWalk walk = straight_walk(node);
  walk.exchanged = true;
  std::swap(walk.rows, walk.columns);
  std::swap(walk.input.row, walk.input.column);
  std::swap(walk.output.row, walk.output.column);
  return walk;
}

bool is_depthwise_3x3(const NodeView &node) {
  const WindowGeometry g = depthwise_conv2d_geometry(node);
  return is_int8_weighted_sum(node, g.output_channels) && counts_in_16_bits(g) &&
         g.kernel_height == 3 && g.kernel_width == 3 && g.window.dilation_height == 1 && g.window.dilation_width == 1;
}

bool stays_in_place(const DepthwiseWalk &walk) {
  return walk.rows.input == walk.rows.output && walk.columns.input == walk.columns.output && walk.rows.stride == 1 &&
         walk.rows.padding <= 2;
}

std::vector<int8_t> walked_weights(const NodeView &node, const DepthwiseWalk &walk, const DspRequantize &requantize) {
  const std::vector<int8_t> weights = values_of<int8_t>(*node.input(1).constant);
  const size_t channels = requantize.channels.size();
  std::vector<int8_t> packed;
  for (size_t channel = 0; channel < channels; ++channel)
    for (size_t row = 0; row < 3; ++row)
      for (size_t column = 0; column < 3; ++column) {
        const size_t tap = walk.exchanged ? column * 3 + row : row * 3 + column;
        packed.push_back(requantize.channels[channel].vanishes ? int8_t{0} : weights[tap * channels + channel]);
      }
  return packed;
}

}  // namespace whit
