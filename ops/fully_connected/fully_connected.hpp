// SPDX-License-Identifier: Apache-2.0
// fully_connected: inputs data, weights (O x I, constant), bias (O, constant, optional); attributes "activation" and
// "keep_axes" (0 or 1). Data of any shape is read as rows of I values, one output row each: the output is rows x O, or
// the data's own axes with the last one replaced by O when keep_axes is 1.
#pragma once

#include <vector>

#include "ops/op_def.hpp"

namespace whit {

// How a fully_connected node is counted: `rows` times `outputs` sums of `depth` products.
struct FullyConnectedSize {
  int64_t rows = 0, depth = 0, outputs = 0;
};

FullyConnectedSize fully_connected_size(const NodeView &node);

// One multiplier an output. Where the weights have a single scale, its product with the data's is rounded to single
// precision first, as in the reference.
std::vector<QuantizedMultiplier> fully_connected_multipliers(const NodeView &node);

}  // namespace whit
