// SPDX-License-Identifier: Apache-2.0
// The one door through which models come in: it looks at the file and asks the importer of its format.
#pragma once

#include <filesystem>

#include "compiler/ir/graph.hpp"

namespace whit {

// The model of that file. The format is known by its content, else by the file's suffix.
// UserError (its places begin with the file's name) when there is no such file, format or sound model.
Module import_model(const std::filesystem::path &path);

// "TensorFlow Lite (.tflite), ...": every format with the suffixes its files have.
std::string model_formats();

// Whether the path is meant as a model: by the file's content, or by a suffix that other files of whit's do not have
// (.json is also a board's).
bool is_model_file(const std::filesystem::path &path);

}  // namespace whit
