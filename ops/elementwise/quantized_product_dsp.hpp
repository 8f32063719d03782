// SPDX-License-Identifier: Apache-2.0
// The facts of the DSP kernel of mul on int8.
#pragma once

#include "ops/kernel.hpp"

namespace whit::quantized_product_dsp {

// Factors of less than a half, no clamp inside the range of int8, and rows of bytes.
bool fits(const NodeView &node);
KernelCall call(const NodeView &node);
Cost cost(const NodeView &node);

}  // namespace whit::quantized_product_dsp
