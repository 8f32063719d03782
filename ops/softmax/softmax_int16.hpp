// SPDX-License-Identifier: Apache-2.0
// Facts of softmax on int16.
#pragma once

#include "ops/kernel.hpp"

namespace whit::softmax_int16_facts {

// int16 with zero points 0 to int16 of scale 1/32768, up to 65535 values a row.
bool fits(const NodeView &node);
KernelCall call(const NodeView &node);
void host(std::span<void *const> arguments);

}  // namespace whit::softmax_int16_facts
