// SPDX-License-Identifier: Apache-2.0
// TensorFlow Lite models: graphs of the operators in operators.cpp, with integers of 8 and 16 bits or floats.
//
// The file is taken for hostile: FlatBuffers' verifier runs first, then every index, count, size, shape, type and
// quantisation is checked before it is used, and what the file claims of each operator's output is compared with whit's
// own inference. A batch that the file gives no length is 1. Weights that are stored as integers for a float computation are
// turned into floats.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "compiler/ir/graph.hpp"

namespace whit {

// Whether the bytes carry the format's identifier.
bool is_tflite(std::span<const uint8_t> bytes);

// The main graph of the model. `place` (the file's name) begins the place of every problem.
// UserError when the file is damaged or asks for what whit lacks; all unsupported operators are reported at once.
Module import_tflite(std::span<const uint8_t> bytes, std::string_view place);

}  // namespace whit
