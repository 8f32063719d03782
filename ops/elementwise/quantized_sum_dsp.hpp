// SPDX-License-Identifier: Apache-2.0
// The facts of the DSP kernel of add and sub on int8, and of its siblings for Helium and for cores with only a fast
// multiplier, for their OpDefs. `sign` is 1 for add, -1 for sub.
#pragma once

#include <optional>

#include "ops/elementwise/elementwise.kernel.hpp"
#include "ops/kernel.hpp"

namespace whit::quantized_sum_dsp {

// The kernel's numbers, see its header comment.
struct Factors {
  int32_t first = 0, second = 0, offset = 0;
};

// Factors that give the reference's result for every pair of operands, if a short search finds any. The output must
// be clamped to the whole range of int8.
std::optional<Factors> find_factors(const QuantizedSumParameters &reference, int sign, double first_scale,
                                    double second_scale);

template <int sign>
bool fits(const NodeView &node);
template <int sign>
KernelCall call(const NodeView &node);
Cost cost(const NodeView &node);

// Operands that broadcast.
template <int sign>
bool fits_rows(const NodeView &node);
template <int sign>
KernelCall call_rows(const NodeView &node);
Cost cost_rows(const NodeView &node);

template <int sign>
KernelCall call_mve(const NodeView &node);
Cost cost_mve(const NodeView &node);

template <int sign>
KernelCall call_linear(const NodeView &node);
template <int sign>
KernelCall call_linear_broadcast(const NodeView &node);
template <int sign>
bool fits_broadcast(const NodeView &node);
Cost cost_linear_broadcast(const NodeView &node);
void host_linear_broadcast(std::span<void *const> arguments);
void host_linear(std::span<void *const> arguments);
Cost cost_linear(const NodeView &node);

}  // namespace whit::quantized_sum_dsp
