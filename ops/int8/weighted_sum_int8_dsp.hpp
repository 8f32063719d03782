// SPDX-License-Identifier: Apache-2.0
// The DSP kernel of grouped_conv2d, and of conv2d where no faster one fits.
#pragma once

#include "ops/kernel.hpp"

namespace whit::weighted_sum_int8_dsp {

// int8 as the portable kernels have it, with four channels or more at each tap.
bool fits(const NodeView &node);
KernelCall call(const NodeView &node);
Cost cost(const NodeView &node);
std::vector<Overlap> overlap(const NodeView &node);

constexpr Kernel kernel(std::string_view name) {
  return {.name = name, .header = "ops/int8/weighted_sum_int8.dsp.kernel.hpp", .features = {Feature::dsp}, .fits = fits,
          .call = call, .cost = cost, .overlap = overlap};
}

}  // namespace whit::weighted_sum_int8_dsp
