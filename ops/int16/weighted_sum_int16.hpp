// SPDX-License-Identifier: Apache-2.0
// The kernels of conv2d, depthwise_conv2d and fully_connected on 16-bit data with 8-bit weights.
#pragma once

#include "ops/kernel.hpp"

namespace whit::weighted_sum_int16_kernel {

// int16 data and output with zero points of 0, symmetric int8 weights, no bias or a constant one of 64 (or 32) bits.
bool fits_wide(const NodeView &node);
bool fits_narrow(const NodeView &node);

KernelCall call_conv2d(const NodeView &node);
KernelCall call_depthwise_conv2d(const NodeView &node);
KernelCall call_fully_connected(const NodeView &node);
void host_wide(std::span<void *const> arguments);
void host_narrow(std::span<void *const> arguments);
Cost cost(const NodeView &node);

// Both kernels of an operator, first for sums of 64 bits.
constexpr Kernel wide(std::string_view name, KernelCall (*call)(const NodeView &)) {
  return {.name = name, .header = "ops/int16/weighted_sum_int16.kernel.hpp", .fits = fits_wide, .call = call,
          .host = host_wide, .cost = cost};
}
constexpr Kernel narrow(std::string_view name, KernelCall (*call)(const NodeView &)) {
  return {.name = name, .header = "ops/int16/weighted_sum_int16.kernel.hpp", .fits = fits_narrow, .call = call,
          .host = host_narrow, .cost = cost};
}

}  // namespace whit::weighted_sum_int16_kernel
