// SPDX-License-Identifier: Apache-2.0
// The edit distance of Levenshtein, row by row.
#include "compiler/base/nearest_name.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <vector>

#include <fmt/format.h>

namespace whit {

namespace {

bool same_letter(unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); }

size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<size_t> row(to.size() + 1);  // from the characters read so far to each beginning of `to`
  std::iota(row.begin(), row.end(), size_t{0});
  for (char c : from) {
    size_t diagonal = row[0]++;
    for (size_t index = 0; index < to.size(); ++index) {
      const size_t replaced = diagonal + (same_letter(static_cast<unsigned char>(c), static_cast<unsigned char>(to[index])) ? 0 : 1);
      diagonal = row[index + 1];
      row[index + 1] = std::min({replaced, row[index] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string name_hint(std::string_view word, std::span<const std::string> names, std::string_view otherwise) {
  size_t least = word.size() / 3 + 1;
  std::string_view nearest;
  for (const std::string &name : names)
    if (const size_t distance = edit_distance(word, name); distance < least) {
      least = distance;
      nearest = name;
    }
  return nearest.empty() ? std::string(otherwise) : fmt::format("did you mean {}?", nearest);
}

}  // namespace whit
