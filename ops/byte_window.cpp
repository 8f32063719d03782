// SPDX-License-Identifier: Apache-2.0
// The overlap follows the kernels backwards: what a chunk of pixels writes must lie before all that later chunks read.
#define WHIT_HOST
#include "ops/byte_window.hpp"

#include <algorithm>
#include <limits>

#include "device/core/byte_window.hpp"

namespace whit {

namespace {

constexpr int64_t scratch_limit = 300;  // bytes that chunks are sized for; a single window may need more
constexpr int64_t sum_bytes = 4;        // of a column's sum, 3 on the chip

int64_t column_bytes(const WindowGeometry &g) { return g.kernel_height * g.input_channels; }

int64_t chunk_of(const WindowGeometry &g) {
  const int64_t columns = std::max(g.kernel_width, scratch_limit / column_bytes(g));
  return std::min((columns - g.kernel_width) / g.window.stride_width + 1, g.output_width);
}

int64_t columns_of(const WindowGeometry &g) { return (chunk_of(g) - 1) * g.window.stride_width + g.kernel_width; }

}  // namespace

int64_t byte_window_scratch(const WindowGeometry &geometry) {
  return (columns_of(geometry) * (column_bytes(geometry) + sum_bytes) + 3) / 4 * 4;
}

int64_t byte_window_overlap(const WindowGeometry &g) {
  const int64_t chunk = chunk_of(g);
  int64_t needed = std::numeric_limits<int64_t>::max(), delta = needed;
  for (int64_t y = g.output_height - 1; y >= 0; --y)
    for (int64_t x = (g.output_width - 1) / chunk * chunk; x >= 0; x -= chunk) {
      const int64_t written = (y * g.output_width + std::min(x + chunk, g.output_width)) * g.output_channels;
      if (needed != std::numeric_limits<int64_t>::max()) delta = std::min(delta, needed - written);
      const int64_t row = std::max<int64_t>(0, y * g.window.stride_height - g.window.padding_top);
      const int64_t column = std::max<int64_t>(0, x * g.window.stride_width - g.window.padding_left);
      needed = std::min(needed, (row * g.input_width + column) * g.input_channels);
    }
  return delta == std::numeric_limits<int64_t>::max() ? g.input_height * g.input_width * g.input_channels : delta;
}

bool byte_window_fits(const WindowGeometry &geometry) {
  return counts_in_16_bits(geometry) && geometry.window.dilation_height == 1 &&
         geometry.window.dilation_width == 1;
}

KernelCall byte_window_call(const NodeView &node, const WindowGeometry &geometry, std::string function,
                            ByteMatmulConstants constants) {
  auto p = geometry_parameters<ByteWindowParameters>(geometry);
  p.input_zero = static_cast<int16_t>(node.input(0).quantization.zero_point());
  p.chunk = static_cast<int16_t>(chunk_of(geometry));
  p.columns = static_cast<int16_t>(columns_of(geometry));
  return {.function = std::move(function),
          .parameters = parameters_from(p),
          .constants = {{"weights", ElementType::uint8, std::move(constants.weights)},
                        {"constants", ElementType::uint8, std::move(constants.constants)}},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        output_argument(), scratch_argument()}};
}

}  // namespace whit
