// SPDX-License-Identifier: Apache-2.0
// A plain text table, for figures that people compare.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace whit {

class Table {
 public:
  // The first `left_columns` columns are aligned left, the others right.
  Table(std::vector<std::string> header, size_t left_columns);
  // Missing cells are empty; cells beyond the header are ignored.
  void add(std::vector<std::string> row);
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  size_t left_columns_;
};

// "1,234,567"
std::string with_separators(int64_t value);
// "1,234.50": that many digits after the point.
std::string with_separators(double value, int digits);
// "1 sample", "1,000 samples": nouns with a regular plural.
std::string count_of(size_t count, const char *noun);

}  // namespace whit
