// SPDX-License-Identifier: Apache-2.0
// Facts of the pools' Helium kernels.
#define WHIT_HOST
#include "ops/pool/pool_mve.hpp"

#include "ops/activation_range.hpp"
#include "ops/pool/pool.hpp"
#include "ops/pool/pool.mve.kernel.hpp"
#include "ops/window_geometry.hpp"

namespace whit::pool_mve_facts {

namespace {

constexpr int64_t most_taps = 255;  // of sums in 16 bits

int64_t taps_of(const NodeView &node) {
  const WindowGeometry g = pool_geometry(node);
  return g.kernel_height * g.kernel_width;
}

KernelCall call_of(const NodeView &node, const char *function) {
  auto p = geometry_parameters<PoolMveParameters>(pool_geometry(node));
  const IntegerRange range = integer_activation_range(node);
  p.output_low = static_cast<int16_t>(range.low);
  p.output_high = static_cast<int16_t>(range.high);
  return {.function = function,
          .parameters = parameters_from(p),
          .constants = {},
          .arguments = {parameters_argument(), input_argument(0), output_argument()}};
}

}  // namespace

bool average_fits(const NodeView &node) { return is_int8_pool(node) && taps_of(node) <= most_taps; }

KernelCall average_call(const NodeView &node) { return call_of(node, "average_pool2d_mve"); }
KernelCall max_call(const NodeView &node) { return call_of(node, "max_pool2d_mve"); }

Cost cost(const NodeView &node) {
  const double blocks = static_cast<double>(node.output().elements()) / static_cast<double>(node.output().shape[3]) *
                        static_cast<double>((node.output().shape[3] + 7) / 8);
  return {.cycles = blocks * (6.0 * static_cast<double>(taps_of(node)) + 110.0), .code_bytes = 500};
}

// A pixel's channels are done with eight or sixteen at a time, in order.
std::vector<Overlap> overlap(const NodeView &node) {
  return {{.input = 0, .at_most = channel_last_overlap(pool_geometry(node), 1, ChannelUse::own)}};
}

}  // namespace whit::pool_mve_facts
