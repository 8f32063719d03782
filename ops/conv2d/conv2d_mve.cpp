// SPDX-License-Identifier: Apache-2.0
// Facts of the Helium kernels of conv2d: how weights are packed, and how far pairs of output pixels may run over the input.
#define WHIT_HOST
#include "ops/conv2d/conv2d_mve.hpp"

#include <algorithm>
#include <limits>

#include "ops/conv2d/conv2d.hpp"
#include "ops/conv2d/conv2d.mve.kernel.hpp"
#include "ops/mve_records.hpp"
#include "ops/weighted_sum.hpp"

namespace whit::conv2d_mve_facts {

namespace {

int64_t depth_of(const WindowGeometry &g) { return g.kernel_height * g.kernel_width * g.input_channels; }

int64_t pieces_of(const WindowGeometry &g) { return (depth_of(g) + 15) / 16; }

bool is_pointwise(const WindowGeometry &g) { return g.kernel_height == 1 && g.kernel_width == 1 && g.window == Window{}; }

// Two channels by turns, 16 weights each; in blocks of four channels 0 and 2, then 1 and 3. The kernel reads 16 bytes too far.
Bytes packed_weights(const NodeView &node, const WindowGeometry &g) {
  const Bytes &weights = *node.input(1).constant;
  const int64_t depth = depth_of(g);
  Bytes packed;
  for (int64_t block = 0; block < g.output_channels; block += 4)
    for (const int64_t pair : {0, 1})
      for (int64_t piece = 0; piece < pieces_of(g); ++piece)
        for (const int64_t channel : {block + pair, block + pair + 2})
          for (int64_t k = 16 * piece; k < 16 * piece + 16; ++k)
            packed.push_back(channel < g.output_channels && k < depth ? weights[static_cast<size_t>(channel * depth + k)] : 0);
  packed.insert(packed.end(), 16, 0);
  return packed;
}

KernelCall call_of(const NodeView &node, const char *function) {
  const WindowGeometry g = conv2d_geometry(node);
  auto p = geometry_parameters<Conv2dMveParameters>(g);
  set_int8_range(p, node);
  p.depth = static_cast<int32_t>(depth_of(g));
  MveRecords records = mve_records(node, channel_multipliers(node), channels_in_fours(g.output_channels));
  return {.function = fmt::format("{}<{}>", function, records.form),
          .parameters = parameters_from(p),
          .constants = {{"weights", ElementType::int8, packed_weights(node, g)},
                        std::move(records.constant)},
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1), output_argument()}};
}

}  // namespace

bool fits(const NodeView &node) {
  return is_int8_weighted_sum(node, node.output().shape[3]) && counts_in_16_bits(conv2d_geometry(node)) &&
         mve_requantizes(channel_multipliers(node));
}

bool fits_pointwise(const NodeView &node) { return fits(node) && is_pointwise(conv2d_geometry(node)); }

KernelCall call_pointwise(const NodeView &node) { return call_of(node, "conv2d_pointwise_mve"); }

KernelCall call(const NodeView &node) {
  KernelCall call = call_of(node, "conv2d_mve");
  call.arguments.push_back(scratch_argument());
  return call;
}

Cost cost_pointwise(const NodeView &node) {
  const WindowGeometry g = conv2d_geometry(node);
  const double outputs = static_cast<double>(node.output().elements());
  return {.cycles = outputs * (2.0 * static_cast<double>(pieces_of(g)) + 8.0),
          .constant_bytes = static_cast<double>((g.output_channels + 3) / 4 * 4 * (16 * pieces_of(g) + 12)),
          .code_bytes = 450};
}

Cost cost(const NodeView &node) {
  const WindowGeometry g = conv2d_geometry(node);
  Cost cost = cost_pointwise(node);
  cost.cycles += static_cast<double>(g.output_height * g.output_width * g.kernel_height) * (20.0 + 0.25 * static_cast<double>(g.kernel_width * g.input_channels));
  cost.code_bytes += 450;
  return cost;
}

int64_t scratch(const NodeView &node) { return 2 * depth_of(conv2d_geometry(node)); }

// Of two pixels all channels are written in turn, while both windows are still read.
std::vector<Overlap> overlap(const NodeView &node) {
  const WindowGeometry g = conv2d_geometry(node);
  const int64_t pixels = g.output_height * g.output_width;
  int64_t needed = std::numeric_limits<int32_t>::max(), delta = needed;
  for (int64_t pixel = pixels - 1; pixel >= 0; --pixel) {
    const int64_t row = std::max<int64_t>(0, pixel / g.output_width * g.window.stride_height - g.window.padding_top);
    const int64_t column = std::max<int64_t>(0, pixel % g.output_width * g.window.stride_width - g.window.padding_left);
    needed = std::min(needed, (row * g.input_width + column) * g.input_channels);
    if (pixel % 2 == 0) delta = std::min(delta, needed - std::min(pixel + 2, pixels) * g.output_channels);
  }
  return {{.input = 0, .at_most = delta}};
}

}  // namespace whit::conv2d_mve_facts
