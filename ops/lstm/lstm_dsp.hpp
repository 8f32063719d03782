// SPDX-License-Identifier: Apache-2.0
// Facts of lstm's DSP kernel.
#pragma once

#include "ops/kernel.hpp"

namespace whit::lstm_dsp {

// int8 where no sum leaves the bits that the short requantisation has, which holds for the weights of any trained model.
bool fits(const NodeView &node);
KernelCall call(const NodeView &node);
int64_t scratch(const NodeView &node);
Cost cost(const NodeView &node);

}  // namespace whit::lstm_dsp
