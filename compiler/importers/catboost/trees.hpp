// SPDX-License-Identifier: Apache-2.0
// CatBoost's trees: symmetric ones ask the same question on each level, the answers are the bits of the leaf's number; the
// others are nested objects.
#pragma once

#include <vector>

#include "compiler/importers/catboost/statistics.hpp"
#include "compiler/importers/category_tests.hpp"
#include "compiler/importers/json_value.hpp"
#include "ops/tree_ensemble/tree_model.hpp"

namespace whit {

// What the file says of the features that splits name.
struct CatboostFeatures {
  struct Number {
    int64_t position;   // in a sample
    bool missing_left;  // a missing value is not above any border
  };
  struct Category {
    int64_t position;
    std::vector<int64_t> values;  // hashes, as splits have them
  };
  int64_t count = 0;
  std::vector<Number> numbers{};
  std::vector<Category> categories{};
};

CatboostFeatures read_catboost_features(const JsonValue &info);

// What splits are read with: the features, the statistics of categories, and the questions about sets of them so far.
struct CatboostReader {
  CatboostFeatures features;
  CatboostStatistics statistics;
  CategoryTests tests;
};

// Adds a tree whose leaves have `outputs` values each, times `scale`.
void add_symmetric_tree(const JsonValue &tree, CatboostReader &reader, double scale, TreeModel &model);
void add_nested_tree(const JsonValue &tree, CatboostReader &reader, double scale, TreeModel &model);

}  // namespace whit
