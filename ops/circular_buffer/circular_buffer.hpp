// SPDX-License-Identifier: Apache-2.0
// circular_buffer: inputs data (1 x 1 x W x C), the last slices (slots x W * C) and a count (1), both variables and its
// last outputs; before them the buffer (1 x slots x W x C) and whether it is due. Attributes "slots" and "cycles": it is due
// every so many runs.
#pragma once

#include "ops/op_def.hpp"

namespace whit {

// The variables, by the data and the attributes. UserError where these make no sense.
std::vector<TensorType> circular_buffer_states(const NodeView &node);

}  // namespace whit
