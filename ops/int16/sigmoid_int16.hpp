// SPDX-License-Identifier: Apache-2.0
// The kernels of logistic, tanh and leaky_relu on 16 bits.
#pragma once

#include "ops/kernel.hpp"

namespace whit::sigmoid_int16 {

// The 256 entries that the kernels read, as a constant of int16.
Bytes table();

bool fits(const NodeView &node);  // zero points of 0; logistic and tanh: an output of 15 fraction bits
bool fits_leaky_relu(const NodeView &node);
KernelCall call_logistic(const NodeView &node);
KernelCall call_tanh(const NodeView &node);
KernelCall call_leaky_relu(const NodeView &node);
void host_logistic(std::span<void *const> arguments);
void host_tanh(std::span<void *const> arguments);
void host_leaky_relu(std::span<void *const> arguments);

inline constexpr std::string_view header = "ops/int16/sigmoid_int16.kernel.hpp";

}  // namespace whit::sigmoid_int16
