// SPDX-License-Identifier: Apache-2.0
// add, sub, mul: two inputs of one type, broadcast against each other as numpy does; attribute "activation".
#pragma once

#include "ops/elementwise/pair.hpp"

namespace whit {

// Parameters of the integer kernels, faster ones included (ops/elementwise/elementwise.kernel.hpp).
KernelParameters quantized_sum_parameters(const NodeView &node);  // add and sub
KernelParameters quantized_product_parameters(const NodeView &node);

}  // namespace whit
