// SPDX-License-Identifier: Apache-2.0
// conv2d: inputs data (N x H x W x C), weights (O x KH x KW x C, constant), bias (O, constant, optional);
// attributes of Window (ops/window.hpp) and "activation". Output N x OH x OW x O.
#pragma once

#include "ops/op_def.hpp"
#include "ops/window_geometry.hpp"

namespace whit {

WindowGeometry conv2d_geometry(const NodeView &node);

}  // namespace whit
