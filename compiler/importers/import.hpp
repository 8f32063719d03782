// SPDX-License-Identifier: Apache-2.0
// The one door through which models come in: it looks at the file and asks the importer of its format.
#pragma once

#include <filesystem>

#include "compiler/ir/graph.hpp"

namespace whit {

// The model of that file. The format is known by its content, else by the file's suffix.
// UserError (its places begin with the file's name) when there is no such file, format or sound model.
Module import_model(const std::filesystem::path &path);

}  // namespace whit
