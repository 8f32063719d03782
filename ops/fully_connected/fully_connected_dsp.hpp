// SPDX-License-Identifier: Apache-2.0
// The facts of fully_connected's DSP kernel, for its OpDef.
#pragma once

#include "ops/kernel.hpp"

namespace whit::fully_connected_dsp {

bool fits(const NodeView &node);
KernelCall call(const NodeView &node);
Cost cost(const NodeView &node);
int64_t scratch(const NodeView &node);
std::vector<Overlap> overlap(const NodeView &node);

}  // namespace whit::fully_connected_dsp
