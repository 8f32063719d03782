// SPDX-License-Identifier: Apache-2.0
// Splits text into lines and fields and reads numbers without regard to the machine's language settings.
#include "data/text_values.hpp"

#include <charconv>
#include <cmath>
#include <optional>

#include "compiler/base/error.hpp"

namespace whit {

namespace {

constexpr std::string_view spaces = " \t\r";
constexpr std::string_view separators = " \t\r,;";

// Takes the text up to the next new line off the front.
std::string_view take_line(std::string_view &text) {
  const size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

std::string_view trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(spaces);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(spaces) - begin + 1);
}

// The next field, or nothing at the line's end. Spaces beside a comma or semicolon belong to it; two commas with
// nothing between them enclose an empty field.
std::optional<std::string_view> take_field(std::string_view &line) {
  if (line.empty()) return std::nullopt;
  const size_t end = line.find_first_of(separators);
  const std::string_view field = line.substr(0, end);
  line.remove_prefix(field.size());
  const std::string_view rest = trim(line);
  const bool mark = !rest.empty() && (rest[0] == ',' || rest[0] == ';');
  line = mark ? trim(rest.substr(1)) : rest;
  return field;
}

template <typename T>
std::optional<T> number(std::string_view field) {
  if (field.size() > 1 && field[0] == '+' && field[1] != '-') field.remove_prefix(1);
  T value{};
  const auto [end, code] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (code != std::errc{} || end != field.data() + field.size()) return std::nullopt;
  return value;
}

UserError not_a_number(const std::string &place, size_t line, std::string_view field, std::string_view supported) {
  return UserError({fmt::format("{}, line {}", place, line),
                    fmt::format("'{}' where a number should stand", field.substr(0, 40)), std::string(supported), ""});
}

// The line's values; nothing when no field is a number.
std::optional<TextLine> read_values(const std::string &place, size_t number_of_line, std::string_view line) {
  TextLine result{number_of_line, {}};
  std::optional<std::string_view> unreadable;
  while (const auto field = take_field(line)) {
    const std::optional<double> value = number<double>(*field);
    if (value && !std::isfinite(*value)) throw not_a_number(place, number_of_line, *field, "finite numbers with a decimal point");
    if (value)
      result.values.push_back(*value);
    else if (!unreadable)
      unreadable = field;
  }
  if (!unreadable) return result;
  if (result.values.empty()) return std::nullopt;
  throw not_a_number(place, number_of_line, *unreadable, "finite numbers with a decimal point");
}

}  // namespace

std::vector<TextLine> parse_text_values(const std::string &place, std::string_view text) {
  std::vector<TextLine> lines;
  bool names_allowed = true;
  for (size_t count = 1; !text.empty(); ++count) {
    const std::string_view line = trim(take_line(text));
    if (line.empty() || line[0] == '#') continue;
    std::optional<TextLine> values = read_values(place, count, line);
    if (values)
      lines.push_back(std::move(*values));
    else if (!names_allowed)
      throw not_a_number(place, count, line, "finite numbers with a decimal point");
    names_allowed = false;
  }
  if (lines.empty()) throw UserError({place, "no line of numbers", "one sample a line", ""});
  return lines;
}

std::vector<int64_t> parse_text_integers(const std::string &place, std::string_view text) {
  std::vector<int64_t> integers;
  for (size_t count = 1; !text.empty(); ++count) {
    const std::string_view line = trim(take_line(text));
    if (line.empty()) continue;
    const std::optional<int64_t> integer = number<int64_t>(line);
    if (!integer) throw not_a_number(place, count, line, "one integer a line");
    integers.push_back(*integer);
  }
  if (integers.empty()) throw UserError({place, "no integers", "one integer a line", ""});
  return integers;
}

}  // namespace whit
