// SPDX-License-Identifier: Apache-2.0
// The kernels of conv2d, grouped_conv2d, depthwise_conv2d and fully_connected on 16-bit data with 8-bit weights.
#pragma once

#include "ops/kernel.hpp"

namespace whit::weighted_sum_int16_kernel {

// int16 data and output with zero points of 0, symmetric int8 weights, no bias or a constant one of 64 (or 32) bits.
bool fits_wide(const NodeView &node);
bool fits_narrow(const NodeView &node);

KernelCall call(const NodeView &node);
// The same on stretches of four channels and more, by DSP instructions.
bool fits_wide_dsp(const NodeView &node);
bool fits_narrow_dsp(const NodeView &node);
KernelCall call_dsp(const NodeView &node);
Cost cost_dsp(const NodeView &node);
void host_wide(std::span<void *const> arguments);
void host_narrow(std::span<void *const> arguments);
Cost cost(const NodeView &node);

// Both kernels of an operator, first for sums of 64 bits.
constexpr Kernel wide(std::string_view name) {
  return {.name = name, .header = "ops/int16/weighted_sum_int16.kernel.hpp", .fits = fits_wide, .call = call,
          .host = host_wide, .cost = cost};
}
constexpr Kernel narrow(std::string_view name) {
  return {.name = name, .header = "ops/int16/weighted_sum_int16.kernel.hpp", .fits = fits_narrow, .call = call,
          .host = host_narrow, .cost = cost};
}

constexpr Kernel wide_dsp(std::string_view name) {
  return {.name = name, .header = "ops/int16/weighted_sum_int16.dsp.kernel.hpp", .features = {Feature::dsp},
          .fits = fits_wide_dsp, .call = call_dsp, .cost = cost_dsp};
}
constexpr Kernel narrow_dsp(std::string_view name) {
  return {.name = name, .header = "ops/int16/weighted_sum_int16.dsp.kernel.hpp", .features = {Feature::dsp},
          .fits = fits_narrow_dsp, .call = call_dsp, .cost = cost_dsp};
}

}  // namespace whit::weighted_sum_int16_kernel
