// SPDX-License-Identifier: Apache-2.0
// average_pool2d and max_pool2d: input data (1 x H x W x C); attributes of Window (ops/window.hpp, without dilation),
// "kernel_height", "kernel_width" and "activation". Output 1 x OH x OW x C with the data's scale. Padding never counts:
// an average is over the taps inside the input.
#pragma once

#include "ops/op_def.hpp"
#include "ops/window_geometry.hpp"

namespace whit {

WindowGeometry pool_geometry(const NodeView &node);

// int8 in and out, stored values meaning the same on both sides: they are pooled as they are.
bool is_int8_pool(const NodeView &node);

}  // namespace whit
