// SPDX-License-Identifier: Apache-2.0
// The overlap follows the kernels backwards: what a chunk of two output rows writes must lie before all that later
// chunks read.
#include "ops/conv2d/row_pairs.hpp"

#include <algorithm>
#include <limits>

namespace whit {

int64_t row_pair_chunk(const WindowGeometry &geometry, int64_t column_bytes) {
  const int64_t columns = std::max(geometry.kernel_width, chunk_scratch_limit / column_bytes);
  const int64_t chunk = (columns - geometry.kernel_width) / geometry.window.stride_width + 1;
  return std::min(chunk, geometry.output_width);
}

int64_t row_pair_scratch(const WindowGeometry &geometry, int64_t column_bytes) {
  const int64_t chunk = row_pair_chunk(geometry, column_bytes);
  return ((chunk - 1) * geometry.window.stride_width + geometry.kernel_width) * column_bytes;
}

int64_t row_pair_overlap(const WindowGeometry &g, int64_t chunk) {
  int64_t needed = std::numeric_limits<int64_t>::max(), delta = needed;
  for (int64_t y = (g.output_height - 1) / 2 * 2; y >= 0; y -= 2)
    for (int64_t x = (g.output_width - 1) / chunk * chunk; x >= 0; x -= chunk) {
      const int64_t last_row = std::min(y + 1, g.output_height - 1);
      const int64_t last_column = std::min(x + chunk, g.output_width) - 1;
      const int64_t written = (last_row * g.output_width + last_column + 1) * g.output_channels;
      if (needed != std::numeric_limits<int64_t>::max()) delta = std::min(delta, needed - written);
      const int64_t row = std::max<int64_t>(0, y * g.window.stride_height - g.window.padding_top);
      const int64_t kept = x == 0 ? 0 : std::max<int64_t>(0, g.kernel_width - g.window.stride_width);
      const int64_t column = std::max<int64_t>(0, x * g.window.stride_width - g.window.padding_left + kept);
      needed = std::min(needed, (row * g.input_width + column) * g.input_channels);
    }
  // One chunk for everything: all is read before anything is written.
  return delta == std::numeric_limits<int64_t>::max() ? g.input_height * g.input_width * g.input_channels : delta;
}

WeightRows weights_by_column(const NodeView &node, const WindowGeometry &geometry, int64_t column_values,
                             const std::function<int64_t(int64_t row, int64_t channel)> &position) {
  const std::vector<int8_t> weights = values_of<int8_t>(*node.input(1).constant);
  WeightRows rows{.rows = geometry.output_channels, .columns = geometry.kernel_width * column_values};
  rows.values.resize(static_cast<size_t>(rows.rows * rows.columns));
  size_t source = 0;
  for (int64_t output = 0; output < geometry.output_channels; ++output)
    for (int64_t y = 0; y < geometry.kernel_height; ++y)
      for (int64_t x = 0; x < geometry.kernel_width; ++x)
        for (int64_t channel = 0; channel < geometry.input_channels; ++channel) {
          const int64_t column = x * column_values + position(y, channel);
          rows.values[static_cast<size_t>(output * rows.columns + column)] = weights[source++];
        }
  return rows;
}

}  // namespace whit
