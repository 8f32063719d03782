// SPDX-License-Identifier: Apache-2.0
// add, sub, mul: two inputs of one type, broadcast against each other as numpy does; attribute "activation".
#pragma once

#include "ops/kernel.hpp"
#include "ops/strided.hpp"

namespace whit {

// The shape both are repeated to: aligned at the last axis, axes of length 1 are repeated. UserError when they differ
// otherwise.
Shape broadcast_shape(const NodeView &node);
// The output's box in memory order with the strides of both inputs, merged: what a strided kernel walks.
std::vector<StridedAxis> broadcast_box(const NodeView &node);

// Parameters of the integer kernels, faster ones included (ops/elementwise/elementwise.kernel.hpp).
KernelParameters quantized_sum_parameters(const NodeView &node);  // add and sub
KernelParameters quantized_product_parameters(const NodeView &node);

}  // namespace whit
