// SPDX-License-Identifier: Apache-2.0
// quantize: float32 or integers to integers of another type or scale; attribute "type": int8, uint8 or int16.
// dequantize: integers to float32.
#pragma once

#include "ops/activation_range.hpp"
#include "ops/kernel.hpp"

namespace whit {

// Parameters of Rescale (ops/quantize/quantize.kernel.hpp) from the scale of the node's input to that of
// its output, within `range`.
KernelParameters rescale_parameters(const NodeView &node, IntegerRange range);
// What Rescale gives for one stored value.
int32_t rescaled(const NodeView &node, IntegerRange range, int32_t stored);

}  // namespace whit
