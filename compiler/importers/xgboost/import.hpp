// SPDX-License-Identifier: Apache-2.0
// XGBoost's models as it saves them: JSON and UBJSON. Boosters gbtree and dart with numeric splits.
// Format: XGBoost's documentation, "Introduction to Model IO", and its JSON schema.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "compiler/ir/graph.hpp"

namespace whit {

bool is_xgboost(std::span<const uint8_t> bytes);
// The class for objectives that classify, otherwise the prediction. UserError, places beginning with `place`.
Module import_xgboost(std::span<const uint8_t> bytes, std::string_view place);

}  // namespace whit
