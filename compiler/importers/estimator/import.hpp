// SPDX-License-Identifier: Apache-2.0
// Estimator files: fitted classic models in JSON, as whit's Python package writes them. docs/formats/estimator.md
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "compiler/ir/graph.hpp"

namespace whit {

bool is_estimator(std::span<const uint8_t> bytes);
// UserError, places beginning with `place`, for anything that is no sound estimator file.
Module import_estimator(std::span<const uint8_t> bytes, std::string_view place);

}  // namespace whit
