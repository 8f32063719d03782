// SPDX-License-Identifier: Apache-2.0
// The document in an XGBoost file, whether JSON or UBJSON.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <nlohmann/json.hpp>

namespace whit {

// UserError when the bytes hold no whole document, or claim more values than bytes.
nlohmann::json xgboost_document(std::span<const uint8_t> bytes, const std::string &place);

}  // namespace whit
