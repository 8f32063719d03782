// SPDX-License-Identifier: Apache-2.0
// pad: a border around the input; attributes "padding" (elements before and after each axis: begin0, end0, begin1 ...)
// and "value" (a stored integer, or a real number for float32; absent: the zero point, or 0).
#pragma once

#include "ops/kernel.hpp"

namespace whit {

struct AxisPadding {
  int64_t begin = 0, end = 0;
};

// One an axis of the input, checked by inference.
std::vector<AxisPadding> padding_of(const NodeView &node);
// The stored padding value of an integer node.
int64_t padding_value(const NodeView &node);

}  // namespace whit
