// SPDX-License-Identifier: Apache-2.0
// Splits by a statistic of the target over the samples of each category (`OnlineCtr`). The file holds its tables, so each such split is a
// question about the category alone: is it one of those whose statistic is above the border.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "compiler/importers/json_value.hpp"

namespace whit {

// Categories by their places in features_info's cat_features_hash. With `inverted` it is those that are above that are not listed: others are, too.
struct CatboostCategorySet {
  int64_t feature = 0;  // among the categorical ones
  std::vector<int64_t> places{};
  bool inverted = false;
};

class CatboostStatistics {
 public:
  // Of the whole file.
  explicit CatboostStatistics(const JsonValue &file);

  // UserError where the file has no such statistic, or one of several features together.
  const CatboostCategorySet &set_of(const JsonValue &split);

 private:
  struct Table {
    size_t stride = 0;  // a hash and its numbers
    std::map<uint64_t, std::vector<float>> rows{};
    float denominator = 0;
  };

  struct Statistic {
    JsonValue place;
    int64_t first_split, last_split;
  };

  const Table &table_of(const JsonValue &statistic);
  CatboostCategorySet above(const JsonValue &statistic, float border);

  JsonValue file_;
  std::vector<uint32_t> hashes_{};
  std::vector<Statistic> statistics_{};
  std::map<std::string, Table> tables_{};
  std::map<int64_t, CatboostCategorySet> sets_{};
};

}  // namespace whit
