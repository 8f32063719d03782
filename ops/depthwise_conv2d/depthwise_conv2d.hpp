// SPDX-License-Identifier: Apache-2.0
// depthwise_conv2d: inputs data (1 x H x W x C), weights (1 x KH x KW x O, constant), bias (O, constant, optional);
// attributes of Window (ops/window.hpp) and "activation". O is a multiple M of C, and output channel c * M + m reads
// data channel c only. Output 1 x OH x OW x O.
#pragma once

#include "ops/op_def.hpp"
#include "ops/window_geometry.hpp"

namespace whit {

WindowGeometry depthwise_conv2d_geometry(const NodeView &node);

}  // namespace whit
