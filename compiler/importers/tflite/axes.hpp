// SPDX-License-Identifier: Apache-2.0
// Axes as positions from the front.
#pragma once

#include "compiler/importers/tflite/operator_reader.hpp"

namespace whit::tflite_operators {

// The axis as a position in [0, axes); negative ones count from the end. UserError when there is no such axis.
int64_t axis_position(const OperatorReader &reader, int64_t axis, size_t axes);
// All of them, sorted, each once.
std::vector<int64_t> axis_positions(const OperatorReader &reader, std::vector<int64_t> axes, size_t count);

}  // namespace whit::tflite_operators
