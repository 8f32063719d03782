// SPDX-License-Identifier: Apache-2.0
#include "compiler/base/table.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace whit {

Table::Table(std::vector<std::string> header, size_t left_columns) : rows_{std::move(header)}, left_columns_(left_columns) {}

void Table::add(std::vector<std::string> row) {
  row.resize(rows_[0].size());
  rows_.push_back(std::move(row));
}

std::string Table::text() const {
  std::vector<size_t> widths(rows_[0].size());
  for (const auto &row : rows_)
    for (size_t column = 0; column < row.size(); ++column) widths[column] = std::max(widths[column], row[column].size());
  std::string text;
  for (size_t row = 0; row < rows_.size(); ++row) {
    std::string line;
    for (size_t column = 0; column < widths.size(); ++column) {
      const std::string &cell = rows_[row][column];
      line += column == 0 ? "" : "  ";
      line += column < left_columns_ ? fmt::format("{:<{}}", cell, widths[column]) : fmt::format("{:>{}}", cell, widths[column]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
    if (row == 0) text += std::string(line.size(), '-') + "\n";
  }
  return text;
}

std::string with_separators(int64_t value) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  for (auto position = static_cast<std::ptrdiff_t>(digits.size()) - 3; position > 0; position -= 3)
    digits.insert(static_cast<size_t>(position), ",");
  return value < 0 ? "-" + digits : digits;
}

std::string with_separators(double value, int digits) {
  const std::string text = fmt::format("{:.{}f}", value, digits);
  const size_t begin = text.starts_with('-') ? 1 : 0, point = std::min(text.find('.'), text.size());
  std::string result = text.substr(0, begin);
  for (size_t position = begin; position < point; ++position) {
    if (position > begin && (point - position) % 3 == 0) result += ',';
    result += text[position];
  }
  return result + text.substr(point);
}

std::string count_of(size_t count, const char *noun) {
  return fmt::format("{} {}{}", with_separators(static_cast<int64_t>(count)), noun, count == 1 ? "" : "s");
}

}  // namespace whit
