// SPDX-License-Identifier: Apache-2.0
// Facts of the kernels that multiply windows of bytes: device/core/byte_window.hpp.
#pragma once

#include "ops/byte_matmul.hpp"
#include "ops/window_geometry.hpp"

namespace whit {

// Bytes of scratch.
int64_t byte_window_scratch(const WindowGeometry &geometry);

// Highest delta (output begin - input begin, bytes) at which the output overwrites no input still needed.
int64_t byte_window_overlap(const WindowGeometry &geometry);

// Whether the columns of a window lie side by side and sizes fit 16 bits.
bool byte_window_fits(const WindowGeometry &geometry);

// The call with these weights and constants, by the name of the device function.
KernelCall byte_window_call(const NodeView &node, const WindowGeometry &geometry, std::string function,
                            ByteMatmulConstants constants);

}  // namespace whit
