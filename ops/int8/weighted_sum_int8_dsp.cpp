// SPDX-License-Identifier: Apache-2.0
// Facts of the DSP kernel of int8 convolutions of any form.
#define WHIT_HOST
#include "ops/int8/weighted_sum_int8_dsp.hpp"

#include "ops/int8/weighted_sum_int8.dsp.kernel.hpp"
#include "ops/tap_walk.hpp"

namespace whit::weighted_sum_int8_dsp {

bool fits(const NodeView &node) {
  return is_int8_weighted_sum(node, node.output().shape.back()) && tap_walk_fits(node) && int8_sums_fit(node) &&
         tap_walk(node).summed >= 4;
}

KernelCall call(const NodeView &node) {
  auto p = tap_walk_parameters<WeightedSumInt8DspParameters>(node);
  set_int8_range(p, node);
  return {.function = "weighted_sum_int8_dsp",
          .parameters = parameters_from(p),
          .constants = int8_constants(node, tap_walk_multipliers(node)),
          .arguments = {parameters_argument(), input_argument(0), constant_argument(0), constant_argument(1),
                        constant_argument(2), constant_argument(3), output_argument()}};
}

Cost cost(const NodeView &node) {
  constexpr double cycles_per_mac = 2.5, cycles_per_tap = 8, cycles_per_output = 40;
  const TapWalk walk = tap_walk(node);
  const double outputs = static_cast<double>(node.output().elements());
  const auto taps = static_cast<double>(walk.geometry.kernel_height * walk.geometry.kernel_width);
  return {.cycles = outputs * (taps * (static_cast<double>(walk.summed) * cycles_per_mac + cycles_per_tap) + cycles_per_output),
          .constant_bytes = static_cast<double>(node.input(1).bytes()),
          .code_bytes = 700};
}

std::vector<Overlap> overlap(const NodeView &node) {
  return {{.input = 0, .at_most = channel_last_overlap(tap_walk(node).geometry, 1)}};
}

}  // namespace whit::weighted_sum_int8_dsp
