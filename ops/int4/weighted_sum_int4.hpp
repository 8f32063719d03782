// SPDX-License-Identifier: Apache-2.0
// The kernels of conv2d, grouped_conv2d, depthwise_conv2d and fully_connected on 8-bit data with 4-bit weights.
#pragma once

#include "ops/kernel.hpp"

namespace whit::weighted_sum_int4_kernel {

// int8 data and output, constant symmetric int4 weights, no bias or a constant one of 32 bits.
bool fits(const NodeView &node);

KernelCall call(const NodeView &node);
void host(std::span<void *const> arguments);
Cost cost(const NodeView &node);

// The kernel of an operator.
constexpr Kernel kernel(std::string_view name) {
  return {.name = name, .header = "ops/int4/weighted_sum_int4.kernel.hpp", .fits = fits, .call = call, .host = host,
          .cost = cost};
}

// A random instance of int8 data and weights with those in 4 bits.
Graph with_narrow_weights(Graph graph);

}  // namespace whit::weighted_sum_int4_kernel
