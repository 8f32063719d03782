// SPDX-License-Identifier: Apache-2.0
// Facts of the pools' DSP kernels.
#define WHIT_HOST
#include "ops/pool/pool_dsp.hpp"

#include "ops/activation_range.hpp"
#include "ops/pool/pool.dsp.kernel.hpp"
#include "ops/pool/pool.hpp"

namespace whit::pool_dsp {

namespace {

constexpr int64_t most_taps = 255;  // of sums in 16 bits

int64_t taps(const WindowGeometry &geometry) { return geometry.kernel_height * geometry.kernel_width; }

template <typename Parameters>
void set_range(Parameters &parameters, const NodeView &node) {
  const IntegerRange range = integer_activation_range(node);
  parameters.output_low = static_cast<int16_t>(range.low);
  parameters.output_high = static_cast<int16_t>(range.high);
}

KernelCall pool_call(const NodeView &node, const char *function) {
  auto parameters = geometry_parameters<PoolDspParameters>(pool_geometry(node));
  set_range(parameters, node);
  return {.function = function,
          .parameters = parameters_from(parameters),
          .constants = {},
          .arguments = {parameters_argument(), input_argument(0), output_argument()}};
}

}  // namespace

bool max_fits(const NodeView &node) { return is_int8_pool(node) && node.input(0).shape[3] >= 4; }

bool average_fits(const NodeView &node) { return max_fits(node) && taps(pool_geometry(node)) <= most_taps; }

KernelCall average_call(const NodeView &node) { return pool_call(node, "average_pool2d_dsp"); }

KernelCall max_call(const NodeView &node) { return pool_call(node, "max_pool2d_dsp"); }

Cost cost(const NodeView &node) {
  const WindowGeometry geometry = pool_geometry(node);
  const double fours = static_cast<double>(node.output().elements()) / 4;
  return {.cycles = fours * (static_cast<double>(taps(geometry)) * 8 + 60), .code_bytes = 500};
}

std::vector<LayoutChoice> layouts(const NodeView &) { return {{{Layout::channel_last}, {Layout::channel_last}}}; }

// Where the last four channels overlap the four before, they are read again after those have been written.
std::vector<Overlap> overlap(const NodeView &node) {
  const ChannelUse use = node.input(0).shape[3] % 4 == 0 ? ChannelUse::own : ChannelUse::all;
  return {{.input = 0, .at_most = channel_last_overlap(pool_geometry(node), 1, use)}};
}

bool plane_average_fits(const NodeView &node) {
  const WindowGeometry geometry = pool_geometry(node);
  const Window window = window_of(node.attributes());
  return is_int8_pool(node) && node.input(0).shape[0] == 1 && geometry.output_height == 1 && geometry.output_width == 1 &&
         geometry.kernel_height == geometry.input_height && geometry.kernel_width == geometry.input_width &&
         window.padding_top == 0 && window.padding_left == 0;
}

KernelCall plane_average_call(const NodeView &node) {
  const WindowGeometry geometry = pool_geometry(node);
  PlaneAverageDspParameters parameters{};
  parameters.pixels = static_cast<int32_t>(geometry.input_height * geometry.input_width);
  parameters.planes = static_cast<int16_t>(geometry.input_channels);
  set_range(parameters, node);
  return {.function = "plane_average_dsp",
          .parameters = parameters_from(parameters),
          .constants = {},
          .arguments = {parameters_argument(), input_argument(0), output_argument()}};
}

Cost plane_average_cost(const NodeView &node) {
  return {.cycles = static_cast<double>(node.input(0).elements()) + 40.0 * static_cast<double>(node.output().elements()),
          .code_bytes = 150};
}

std::vector<LayoutChoice> plane_average_layouts(const NodeView &) {
  return {{{Layout::planar}, {Layout::channel_last}}, {{Layout::planar}, {Layout::planar}}};
}

// One byte is written after each plane, so the tightest place is right behind the first one.
std::vector<Overlap> plane_average_overlap(const NodeView &node) {
  return {{.input = 0, .at_most = node.input(0).shape[1] * node.input(0).shape[2] - 1}};
}

}  // namespace whit::pool_dsp
