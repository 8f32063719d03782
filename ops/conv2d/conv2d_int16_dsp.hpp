// SPDX-License-Identifier: Apache-2.0
// The facts of conv2d's DSP kernel for 16-bit data with 8-bit weights, for its OpDef.
#pragma once

#include "ops/kernel.hpp"

namespace whit::conv2d_int16_dsp_facts {

bool fits(const NodeView &node);
KernelCall call(const NodeView &node);
Cost cost(const NodeView &node);
int64_t scratch(const NodeView &node);
std::vector<Overlap> overlap(const NodeView &node);

}  // namespace whit::conv2d_int16_dsp_facts
