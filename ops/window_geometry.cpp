// SPDX-License-Identifier: Apache-2.0
// The overlap rule walks the output backwards and remembers the first input pixel that anything later still reads.
#include "ops/window_geometry.hpp"

#include <algorithm>
#include <limits>

namespace whit {

WindowGeometry window_geometry(const NodeView &node, int64_t kernel_height, int64_t kernel_width) {
  const Shape &input = node.input(0).shape, &output = node.output().shape;
  return {.input_height = input[1], .input_width = input[2], .input_channels = input[3],
          .output_height = output[1], .output_width = output[2], .output_channels = output[3],
          .kernel_height = kernel_height, .kernel_width = kernel_width, .window = window_of(node.attributes())};
}

bool counts_in_16_bits(const WindowGeometry &geometry) {
  return std::max({geometry.input_height, geometry.input_width, geometry.input_channels, geometry.output_height,
                   geometry.output_width, geometry.output_channels, geometry.kernel_height, geometry.kernel_width}) <=
         std::numeric_limits<int16_t>::max();
}

int64_t channel_last_overlap(const WindowGeometry &geometry, int64_t element_bytes, ChannelUse use) {
  const Window &window = geometry.window;
  const int64_t done_with = use == ChannelUse::own ? 1 : 0;  // pixels that the last channel no longer needs
  int64_t later = std::numeric_limits<int32_t>::max();       // first input pixel that a later output pixel reads
  int64_t delta = later;
  for (int64_t y = geometry.output_height - 1; y >= 0; --y)
    for (int64_t x = geometry.output_width - 1; x >= 0; --x) {
      const int64_t row = std::max<int64_t>(0, y * window.stride_height - window.padding_top);
      const int64_t column = std::max<int64_t>(0, x * window.stride_width - window.padding_left);
      const int64_t first = row * geometry.input_width + column;
      const int64_t written = (y * geometry.output_width + x + 1) * geometry.output_channels;
      delta = std::min(delta, std::min(later, first + done_with) * geometry.input_channels - written);
      later = std::min(later, first);
    }
  return delta * element_bytes;
}

}  // namespace whit
