// SPDX-License-Identifier: Apache-2.0
// The facts of fully_connected's kernel for cores that only multiply bytes, for its OpDef.
#pragma once

#include "ops/kernel.hpp"

namespace whit::fully_connected_bytes_facts {

bool fits(const NodeView &node);
KernelCall call(const NodeView &node);
void host(std::span<void *const> arguments);
Cost cost(const NodeView &node);
int64_t scratch(const NodeView &node);
std::vector<Overlap> overlap(const NodeView &node);

}  // namespace whit::fully_connected_bytes_facts
