// SPDX-License-Identifier: Apache-2.0
// The kernel of conv2d and fully_connected in float for cores with floating point in hardware.
#pragma once

#include "ops/kernel.hpp"

namespace whit::weighted_sum_float_facts {

// Constant weights, windows that are not dilated along rows, two output channels or more.
bool fits(const NodeView &node);
KernelCall call(const NodeView &node);
void host(std::span<void *const> arguments);
Cost cost(const NodeView &node);
std::vector<Overlap> overlap(const NodeView &node);

constexpr Kernel kernel(std::string_view name) {
  return {.name = name, .header = "ops/float/weighted_sum_float.fpu.kernel.hpp", .features = {Feature::fpu}, .fits = fits,
          .call = call, .host = host, .cost = cost, .overlap = overlap};
}

}  // namespace whit::weighted_sum_float_facts
