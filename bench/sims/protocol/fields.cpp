// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Typed, bounds-checked access to the members of a JSON object.
#include "bench/sims/protocol/fields.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "bench/sims/protocol/error.hpp"

namespace whit::sims {
namespace {

constexpr size_t largest_list = 4096;

[[noreturn]] void fail(const std::string &place, const std::string &what) {
  throw SimError("bad_request", fmt::format("`{}` {}", place, what));
}

std::optional<uint32_t> parse_number(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x");
  if (hexadecimal) text.remove_prefix(2);
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, hexadecimal ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_natural(const nlohmann::json &value) {
  return value.is_number_unsigned() || (value.is_number_integer() && value.get<int64_t>() >= 0);
}

uint32_t resolve_part(const std::string &text, const ElfImage &image) {
  const auto number = parse_number(text);
  return number ? *number : image.address_of(text);
}

}  // namespace

Fields::Fields(const nlohmann::json &value, std::string place) : value_(value), place_(std::move(place)) {
  if (!value.is_object()) fail(place_.empty() ? "request" : place_, "must be an object");
}

std::string Fields::place_of(const std::string &name) const { return place_.empty() ? name : place_ + "." + name; }

const nlohmann::json &Fields::any(const std::string &name) {
  if (!has(name)) fail(place_of(name), "is missing");
  read_.insert(name);
  return value_.at(name);
}

std::string Fields::text(const std::string &name) {
  const nlohmann::json &member = any(name);
  if (!member.is_string()) fail(place_of(name), "must be a string");
  return member.get<std::string>();
}

bool Fields::boolean(const std::string &name, bool otherwise) {
  if (!has(name)) return otherwise;
  const nlohmann::json &member = any(name);
  if (!member.is_boolean()) fail(place_of(name), "must be true or false");
  return member.get<bool>();
}

uint64_t Fields::number(const std::string &name, uint64_t least, uint64_t most) {
  const nlohmann::json &member = any(name);
  const bool in_range = is_natural(member) && member.get<uint64_t>() >= least && member.get<uint64_t>() <= most;
  if (!in_range) fail(place_of(name), fmt::format("must be a whole number from {} to {}", least, most));
  return member.get<uint64_t>();
}

uint64_t Fields::number(const std::string &name, uint64_t least, uint64_t most, uint64_t otherwise) {
  return has(name) ? number(name, least, most) : otherwise;
}

uint32_t Fields::address(const std::string &name, const ElfImage &image) {
  return resolve_address(any(name), place_of(name), image);
}

Fields Fields::object(const std::string &name) { return Fields(any(name), place_of(name)); }

std::vector<Fields> Fields::objects(const std::string &name) {
  std::vector<Fields> result;
  const nlohmann::json &members = list(name);
  for (size_t i = 0; i < members.size(); ++i) result.emplace_back(members[i], fmt::format("{}[{}]", place_of(name), i));
  return result;
}

const nlohmann::json &Fields::list(const std::string &name) {
  static const nlohmann::json empty = nlohmann::json::array();
  if (!has(name)) return empty;
  const nlohmann::json &member = any(name);
  if (!member.is_array()) fail(place_of(name), "must be a list");
  if (member.size() > largest_list) fail(place_of(name), fmt::format("has more than {} entries", largest_list));
  return member;
}

void Fields::finish() const {
  for (const auto &[name, value] : value_.items()) {
    if (!read_.contains(name)) fail(place_of(name), "is not a member that this simulator knows here");
  }
}

uint32_t resolve_address(const nlohmann::json &value, const std::string &place, const ElfImage &image) {
  if (is_natural(value) && value.get<uint64_t>() <= UINT32_MAX) return value.get<uint32_t>();
  if (!value.is_string()) fail(place, "must be an address: a number below 2^32, \"0x...\", \"symbol\" or \"symbol+offset\"");
  const std::string text = value.get<std::string>();
  const size_t plus = text.rfind('+');
  if (plus == std::string::npos) return resolve_part(text, image);
  return resolve_part(text.substr(0, plus), image) + resolve_part(text.substr(plus + 1), image);
}

}  // namespace whit::sims
