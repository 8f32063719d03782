// SPDX-License-Identifier: Apache-2.0
// Text files of numbers: lines of values with separators between them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace whit {

struct TextLine {
  size_t number = 0;  // in the file, from 1
  std::vector<double> values{};
};

// The lines that hold values; at least one. Separators: comma, semicolon, tab, space. Empty lines and lines that begin
// with # are skipped, and so is the first line if none of its fields is a number (names of columns).
// UserError, with `place` and the line, for a field that is no number (not a number and infinity are none).
std::vector<TextLine> parse_text_values(const std::string &place, std::string_view text);

// One integer a line, empty lines skipped. UserError for anything else.
std::vector<int64_t> parse_text_integers(const std::string &place, std::string_view text);

}  // namespace whit
