// SPDX-License-Identifier: Apache-2.0
// The facts of depthwise_conv2d's float kernel for cores with floating point in hardware, for its OpDef.
#pragma once

#include "ops/kernel.hpp"

namespace whit::depthwise_conv2d_float_facts {

bool fits(const NodeView &node);  // a multiple of four channels, one output for each
KernelCall call(const NodeView &node);
void host(std::span<void *const> arguments);
Cost cost(const NodeView &node);
std::vector<Overlap> overlap(const NodeView &node);

}  // namespace whit::depthwise_conv2d_float_facts
