// SPDX-License-Identifier: Apache-2.0
// Sizes of a windowed node (conv2d, depthwise_conv2d, pools) as its kernels count them, and what follows from them
// alone: the parameter struct's common part and how far output may lie over input.
#pragma once

#include "ops/kernel.hpp"
#include "ops/window.hpp"

namespace whit {

struct WindowGeometry {
  int64_t input_height = 0, input_width = 0, input_channels = 0;
  int64_t output_height = 0, output_width = 0, output_channels = 0;
  int64_t kernel_height = 0, kernel_width = 0;
  Window window{};
};

// Geometry of a node whose input 0 and output are N x H x W x C.
WindowGeometry window_geometry(const NodeView &node, int64_t kernel_height, int64_t kernel_width);

// Whether kernels can count every size in 16 bits.
bool counts_in_16_bits(const WindowGeometry &geometry);

// What an output value depends on: all channels of its window (conv2d), or only the channel that it stands for
// (depthwise_conv2d, pools), so that a pixel's input channels are done with one after the other.
enum class ChannelUse { all, own };

// Highest delta (output begin - input begin, bytes) at which a kernel that computes its channel_last output pixel by
// pixel in row order, channels innermost, reading the input directly, never overwrites input it still needs.
int64_t channel_last_overlap(const WindowGeometry &geometry, int64_t element_bytes, ChannelUse use = ChannelUse::all);

// The sizes that every kernel with a window takes.
template <typename Parameters>
void set_window_sizes(Parameters &p, const WindowGeometry &geometry) {
  p.input_height = static_cast<int16_t>(geometry.input_height);
  p.input_width = static_cast<int16_t>(geometry.input_width);
  p.input_channels = static_cast<int16_t>(geometry.input_channels);
  p.output_height = static_cast<int16_t>(geometry.output_height);
  p.output_width = static_cast<int16_t>(geometry.output_width);
  p.kernel_height = static_cast<int16_t>(geometry.kernel_height);
  p.kernel_width = static_cast<int16_t>(geometry.kernel_width);
  p.stride_height = static_cast<int16_t>(geometry.window.stride_height);
  p.stride_width = static_cast<int16_t>(geometry.window.stride_width);
  p.padding_top = static_cast<int16_t>(geometry.window.padding_top);
  p.padding_left = static_cast<int16_t>(geometry.window.padding_left);
}

// A parameter struct that begins with WHIT_WINDOW_GEOMETRY (device/core/window.hpp), that part filled in.
template <typename Parameters>
Parameters geometry_parameters(const WindowGeometry &geometry) {
  Parameters p{};
  set_window_sizes(p, geometry);
  p.output_channels = static_cast<int16_t>(geometry.output_channels);
  p.dilation_height = static_cast<int16_t>(geometry.window.dilation_height);
  p.dilation_width = static_cast<int16_t>(geometry.window.dilation_width);
  return p;
}

}  // namespace whit
