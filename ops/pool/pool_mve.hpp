// SPDX-License-Identifier: Apache-2.0
// The facts of the pools' Helium kernels, for their OpDefs.
#pragma once

#include "ops/kernel.hpp"

namespace whit::pool_mve_facts {

bool average_fits(const NodeView &node);
KernelCall average_call(const NodeView &node);
KernelCall max_call(const NodeView &node);
Cost cost(const NodeView &node);
std::vector<Overlap> overlap(const NodeView &node);

}  // namespace whit::pool_mve_facts
