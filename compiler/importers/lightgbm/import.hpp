// SPDX-License-Identifier: Apache-2.0
// LightGBM's text models, as Booster.save_model writes them: numeric splits, constant leaves.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "compiler/ir/graph.hpp"

namespace whit {

bool is_lightgbm(std::span<const uint8_t> bytes);
// The class for objectives that classify, otherwise the prediction. UserError, places beginning with `place`.
Module import_lightgbm(std::span<const uint8_t> bytes, std::string_view place);

}  // namespace whit
