// SPDX-License-Identifier: Apache-2.0
// The facts of the two paired kernels of conv2d, for its OpDef: `conv2d_paired` (any window without dilation) and
// `conv2d_pointwise_paired` (1x1, stride 1).
#pragma once

#include "ops/kernel.hpp"

namespace whit::conv2d_paired_facts {

bool fits(const NodeView &node);
KernelCall call(const NodeView &node);
void host(std::span<void *const> arguments);
Cost cost(const NodeView &node);
int64_t scratch(const NodeView &node);
std::vector<Overlap> overlap(const NodeView &node);

}  // namespace whit::conv2d_paired_facts

namespace whit::conv2d_pointwise_paired_facts {

bool fits(const NodeView &node);
KernelCall call(const NodeView &node);
void host(std::span<void *const> arguments);
Cost cost(const NodeView &node);
int64_t scratch(const NodeView &node);
std::vector<Overlap> overlap(const NodeView &node);

}  // namespace whit::conv2d_pointwise_paired_facts
