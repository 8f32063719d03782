// SPDX-License-Identifier: Apache-2.0
// Reads CatBoost's JSON (save_model(..., format="json")): symmetric and other trees on numbers, and on categories that the
// model compares one by one.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "compiler/ir/graph.hpp"

namespace whit {

// Whether the bytes are JSON with what only CatBoost writes.
bool is_catboost(std::span<const uint8_t> bytes);

// Features stand in the order of the training table; a category is told by its place among the feature's `values` in the
// file, any other by -1. The result is the label where the model names classes, else real numbers. UserError where
// the file is damaged, or has splits by statistics of categories, texts or embeddings.
Module import_catboost(std::span<const uint8_t> bytes, std::string_view place);

}  // namespace whit
