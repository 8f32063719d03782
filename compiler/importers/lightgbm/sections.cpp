// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/lightgbm/sections.hpp"

#include <charconv>

#include "compiler/base/error.hpp"

namespace whit {

namespace {

std::string_view next_word(std::string_view &text, char separator) {
  const size_t end = text.find(separator);
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return word;
}

template <typename Number>
bool parse(std::string_view word, Number &value) {
  return !word.empty() && std::from_chars(word.data(), word.data() + word.size(), value).ptr == word.data() + word.size();
}

std::string excerpt(std::string_view text) {
  constexpr size_t longest = 40;
  return '"' + std::string(text.substr(0, longest)) + (text.size() > longest ? "..." : "") + '"';
}

}  // namespace

void LightgbmSection::refuse(std::string_view key, std::string found, std::string supported, std::string hint) const {
  throw UserError({fmt::format("{}, {}", place_, key), std::move(found), std::move(supported), std::move(hint)});
}

std::string_view LightgbmSection::text(std::string_view key) const {
  const auto found = values_.find(key);
  if (found == values_.end()) refuse(key, "is not there", "");
  return found->second;
}

int64_t LightgbmSection::integer(std::string_view key, int64_t least, int64_t most) const {
  return integers(key, 1, least, most)[0];
}

std::vector<double> LightgbmSection::reals(std::string_view key, size_t count) const {
  std::vector<double> values;
  for (std::string_view rest = text(key); !rest.empty();) {
    const std::string_view word = next_word(rest, ' ');
    double value = 0;
    if (!parse(word, value)) refuse(key, excerpt(word), "numbers");
    values.push_back(value);
  }
  if (values.size() != count) refuse(key, fmt::format("{} values", values.size()), fmt::format("{}", count));
  return values;
}

std::vector<int64_t> LightgbmSection::integers(std::string_view key, size_t count, int64_t least, int64_t most) const {
  std::vector<int64_t> values;
  for (std::string_view rest = text(key); !rest.empty();) {
    const std::string_view word = next_word(rest, ' ');
    int64_t value = 0;
    if (!parse(word, value) || value < least || value > most)
      refuse(key, excerpt(word), fmt::format("whole numbers, {} to {}", least, most));
    values.push_back(value);
  }
  if (values.size() != count) refuse(key, fmt::format("{} values", values.size()), fmt::format("{}", count));
  return values;
}

std::vector<LightgbmSection> lightgbm_sections(std::span<const uint8_t> bytes, std::string_view place) {
  std::string_view rest(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  std::vector<LightgbmSection> sections;
  std::map<std::string_view, std::string_view> values;
  const auto close = [&] {
    sections.emplace_back(sections.empty() ? std::string(place) : fmt::format("{}, tree {}", place, sections.size() - 1), std::move(values));
    values.clear();
  };
  while (!rest.empty()) {
    std::string_view line = next_word(rest, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line == "end of trees") {
      close();
      return sections;
    }
    if (line.starts_with("Tree=")) close();
    const std::string_view key = next_word(line, '=');
    if (!key.empty()) values[key] = line;
  }
  throw UserError({std::string(place), "the trees have no end", "a line \"end of trees\"", "was the file cut off?"});
}

}  // namespace whit
