// SPDX-License-Identifier: Apache-2.0
// conv2d: inputs data (N x H x W x C), weights (O x KH x KW x C, constant), bias (O, constant, optional);
// attributes of Window (ops/window.hpp) and "activation". Output N x OH x OW x O.
#pragma once

#include "ops/op_def.hpp"
#include "ops/window.hpp"

namespace whit {

// Sizes of a conv-like node, as its kernels count them.
struct Conv2dGeometry {
  int64_t input_height = 0, input_width = 0, input_channels = 0;
  int64_t output_height = 0, output_width = 0, output_channels = 0;
  int64_t kernel_height = 0, kernel_width = 0;
  Window window{};
};

Conv2dGeometry conv2d_geometry(const NodeView &node);

// Highest delta (output begin - input begin, bytes) at which a kernel that computes its channel_last output pixel by
// pixel in row order, reading the input directly, never overwrites input it still needs.
int64_t channel_last_overlap(const Conv2dGeometry &geometry, int64_t element_bytes);

}  // namespace whit
