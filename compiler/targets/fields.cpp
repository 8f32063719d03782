// SPDX-License-Identifier: Apache-2.0
#include "compiler/targets/fields.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/ranges.h>

namespace whit {

namespace {

// ASCII's and, in UTF-8, those of Latin-1 (C2 80 to C2 9F), which terminals obey likewise.
bool has_control(std::string_view text) {
  unsigned char before = 0;
  for (unsigned char character : text) {
    if (character < 0x20 || character == 0x7F || (before == 0xC2 && character < 0xA0)) return true;
    before = character;
  }
  return false;
}

}  // namespace

Fields::Fields(const nlohmann::json &object, std::string place) : object_(object), place_(std::move(place)) {
  if (!object.is_object()) fail("is not a JSON object");
}

uint64_t Fields::whole(const char *name, uint64_t least, uint64_t most) const {
  if (!has(name)) fail(fmt::format("has no field \"{}\"", name));
  const nlohmann::json &value = object_.at(name);
  if (!value.is_number_unsigned() || value.get<uint64_t>() < least || value.get<uint64_t>() > most)
    fail(fmt::format("field \"{}\" is {}", name, found(name)), fmt::format("a whole number, {} to {}", least, most));
  return value.get<uint64_t>();
}

std::optional<double> Fields::positive(const char *name) const {
  if (!has(name) || object_.at(name).is_null()) return std::nullopt;
  const auto value = get<double>(name);
  if (!(value > 0)) fail(fmt::format("field \"{}\" is {}", name, found(name)), "a number above zero, or null: not known");
  return value;
}

std::optional<double> Fields::within(const char *name, double least, double most, const char *meaning) const {
  const auto value = positive(name);
  if (value && !(*value >= least && *value <= most)) fail(fmt::format("field \"{}\" is {}", name, found(name)), meaning);
  return value;
}

std::string Fields::text(const char *name) const {
  const auto text = get<std::string>(name);
  if (has_control(text)) fail(fmt::format("field \"{}\" has control characters: {}", name, found(name)), "one line of plain text");
  return text;
}

void Fields::only(std::initializer_list<const char *> names) const {
  for (const auto &[key, value] : object_.items())
    if (std::find(names.begin(), names.end(), key) == names.end())
      fail(fmt::format("has an unknown field {}", nlohmann::json(key).dump(-1, ' ', true)), fmt::format("{}", fmt::join(names, ", ")));
}

void Fields::fail(const std::string &found) const { fail(found, "the fields of a board file, each of its type"); }

void Fields::fail(const std::string &found, const std::string &supported) const {
  throw UserError({place_, found, supported, "docs/guide/add_a_target.md explains each field; compare with a built-in board file"});
}

std::string Fields::found(const char *name) const {
  constexpr size_t longest = 40;
  const std::string text = object_.at(name).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return text.size() <= longest ? text : text.substr(0, longest) + "...";
}

}  // namespace whit
