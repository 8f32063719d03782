// SPDX-License-Identifier: Apache-2.0
// The facts of the two DSP kernels of conv2d, for its OpDef: `conv2d_dsp` (any window, channel_last input) and
// `conv2d_planar_dsp` (1x1, stride 1, planar input).
#pragma once

#include "ops/kernel.hpp"

namespace whit::conv2d_dsp {

bool fits(const NodeView &node);
KernelCall call(const NodeView &node);
Cost cost(const NodeView &node);
std::vector<LayoutChoice> layouts(const NodeView &node);
int64_t scratch(const NodeView &node);
std::vector<Overlap> overlap(const NodeView &node);

}  // namespace whit::conv2d_dsp

namespace whit::conv2d_planar_dsp {

bool fits(const NodeView &node);
KernelCall call(const NodeView &node);
Cost cost(const NodeView &node);
std::vector<LayoutChoice> layouts(const NodeView &node);
int64_t scratch(const NodeView &node);
std::vector<Overlap> overlap(const NodeView &node);

}  // namespace whit::conv2d_planar_dsp
