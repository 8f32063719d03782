// SPDX-License-Identifier: Apache-2.0
// Facts of the convolutions that compute two rows of output pixels together, a chunk of columns at a time, from columns
// of their channel_last input copied into scratch.
#pragma once

#include <functional>

#include "ops/dsp_matmul.hpp"
#include "ops/window_geometry.hpp"

namespace whit {

inline constexpr int64_t chunk_scratch_limit = 3000;  // bytes that chunks are sized for; a single window may need more

// Output columns computed in one go, where one input column takes that many bytes of scratch.
int64_t row_pair_chunk(const WindowGeometry &geometry, int64_t column_bytes);
// Bytes of scratch for the columns that a chunk sees.
int64_t row_pair_scratch(const WindowGeometry &geometry, int64_t column_bytes);
// Highest delta (output begin - input begin, bytes) at which a channel_last output overwrites no input still needed.
int64_t row_pair_overlap(const WindowGeometry &geometry, int64_t chunk);

// The geometry's part of these kernels' parameters.
template <typename Parameters>
void set_row_pairs(Parameters &p, const NodeView &node, const WindowGeometry &g, int64_t chunk) {
  set_window_sizes(p, g);
  p.input_zero = static_cast<int16_t>(node.input(0).quantization.zero_point());
  p.chunk = static_cast<int16_t>(chunk);
}

// The int8 weights of a conv2d in the order of scratch: window column by window column, `column_values` each, in a column
// where `position` puts a window row's channel.
WeightRows weights_by_column(const NodeView &node, const WindowGeometry &geometry, int64_t column_values,
                             const std::function<int64_t(int64_t row, int64_t channel)> &position);

}  // namespace whit
