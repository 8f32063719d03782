// SPDX-License-Identifier: Apache-2.0
// The kernel of ops/reduce/reduce.kernel.hpp, which reduces any axes, for operators with a faster one for common axes.
#pragma once

#include "ops/kernel.hpp"
#include "ops/quantized_multiplier.hpp"

namespace whit {

inline constexpr std::string_view reduce_header = "ops/reduce/reduce.kernel.hpp";

// Whether the device can walk the axes that stay and those that go.
bool reduction_fits(const NodeView &node);
// So few values of 8 or 16 bits that their distances from the zero point add up within 32 bits.
bool stored_sum_fits(const NodeView &node);
// The call of `reduce<operation>`.
KernelCall reduce_call(const NodeView &node, std::string_view operation, KernelParameters parameters);
// Parameters of QuantizedTotal with that factor from the sum to the output, and of FloatAverage.
KernelParameters quantized_total_parameters(const NodeView &node, QuantizedMultiplier factor);
KernelParameters average_parameters(const NodeView &node);
void host_total_int8(std::span<void *const> arguments);
void host_total_int16(std::span<void *const> arguments);
void host_average_float(std::span<void *const> arguments);
Cost reduce_cost(const NodeView &node);

}  // namespace whit
