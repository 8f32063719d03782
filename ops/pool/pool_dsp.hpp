// SPDX-License-Identifier: Apache-2.0
// The facts of the pools' DSP kernels, for their OpDefs: any window on channel_last data, and the average of planes.
#pragma once

#include "ops/kernel.hpp"

namespace whit::pool_dsp {

bool average_fits(const NodeView &node);
bool max_fits(const NodeView &node);
KernelCall average_call(const NodeView &node);
KernelCall max_call(const NodeView &node);
Cost cost(const NodeView &node);
std::vector<LayoutChoice> layouts(const NodeView &node);
std::vector<Overlap> overlap(const NodeView &node);

bool plane_average_fits(const NodeView &node);
KernelCall plane_average_call(const NodeView &node);
Cost plane_average_cost(const NodeView &node);
std::vector<LayoutChoice> plane_average_layouts(const NodeView &node);
std::vector<Overlap> plane_average_overlap(const NodeView &node);

}  // namespace whit::pool_dsp
