// SPDX-License-Identifier: Apache-2.0
// Reads ONNX files (.onnx) of classic models: the operators of the domain ai.onnx.ml, and those of ai.onnx that stand around
// them. One row of features is compiled, whatever number of rows the file leaves open.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "compiler/ir/graph.hpp"

namespace whit {

// Whether the bytes begin as ONNX files do.
bool is_onnx(std::span<const uint8_t> bytes);

// Of the graph's outputs the first counts: of a classifier, the label. UserError where the file is damaged or holds what whit
// has no operator for.
Module import_onnx(std::span<const uint8_t> bytes, std::string_view place);

}  // namespace whit
