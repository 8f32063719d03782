// SPDX-License-Identifier: Apache-2.0
// The facts of conv2d's Helium kernels, for its OpDef: `pointwise` (1x1, stride 1, no padding) and any window.
#pragma once

#include "ops/kernel.hpp"

namespace whit::conv2d_mve_facts {

bool fits(const NodeView &node);
bool fits_pointwise(const NodeView &node);
KernelCall call(const NodeView &node);
KernelCall call_pointwise(const NodeView &node);
Cost cost(const NodeView &node);
Cost cost_pointwise(const NodeView &node);
int64_t scratch(const NodeView &node);
std::vector<Overlap> overlap(const NodeView &node);

}  // namespace whit::conv2d_mve_facts
