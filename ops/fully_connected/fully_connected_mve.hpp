// SPDX-License-Identifier: Apache-2.0
// The facts of fully_connected's Helium kernel, for its OpDef.
#pragma once

#include "ops/kernel.hpp"

namespace whit::fully_connected_mve_facts {

bool fits(const NodeView &node);
KernelCall call(const NodeView &node);
Cost cost(const NodeView &node);

}  // namespace whit::fully_connected_mve_facts
