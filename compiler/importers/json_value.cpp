// SPDX-License-Identifier: Apache-2.0
#include "compiler/importers/json_value.hpp"

#include <charconv>
#include <cmath>

namespace whit {

namespace {

// The value as a person finds it in the file, cut where it gets long.
std::string excerpt(const nlohmann::json &value) {
  constexpr size_t longest = 40;
  if (value.is_array() || value.is_object()) return fmt::format("an {} of {}", value.type_name(), value.size());
  std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (text.size() > longest) text = text.substr(0, longest) + "...";
  return text;
}

}  // namespace

void JsonValue::refuse(const std::string &supported, const std::string &hint) const {
  throw UserError({place_, excerpt(*value_), supported, hint});
}

JsonValue JsonValue::member(std::string_view key) const {
  if (!value_->is_object()) refuse("an object");
  const auto found = value_->find(key);
  if (found == value_->end())
    throw UserError({place_, fmt::format("no \"{}\"", key), "", "the model file may be damaged"});
  return {*found, fmt::format("{}, {}", place_, key)};
}

size_t JsonValue::size() const {
  if (!value_->is_array()) refuse("an array");
  return value_->size();
}

JsonValue JsonValue::element(size_t index) const {
  if (index >= size()) refuse(fmt::format("an array of more than {}", index));
  return {(*value_)[index], fmt::format("{}[{}]", place_, index)};
}

int64_t JsonValue::integer(int64_t least, int64_t most) const {
  const std::string supported = fmt::format("a whole number, {} to {}", least, most);
  int64_t result = 0;
  if (value_->is_string()) {
    const auto &text = value_->get_ref<const std::string &>();
    if (std::from_chars(text.data(), text.data() + text.size(), result).ptr != text.data() + text.size() || text.empty()) refuse(supported);
  } else if (value_->is_number_unsigned()) {
    if (value_->get<uint64_t>() > static_cast<uint64_t>(INT64_MAX)) refuse(supported);
    result = value_->get<int64_t>();
  } else if (value_->is_number_integer()) {
    result = value_->get<int64_t>();
  } else {
    refuse(supported);
  }
  if (result < least || result > most) refuse(supported);
  return result;
}

double JsonValue::real() const {
  if (value_->is_number()) return value_->get<double>();
  if (!value_->is_string()) refuse("a number");
  std::string text = value_->get<std::string>();
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  double result = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), result).ptr != text.data() + text.size() || text.empty()) refuse("a number");
  return result;
}

bool JsonValue::boolean() const {
  if (value_->is_boolean()) return value_->get<bool>();
  return integer(0, 1) == 1;
}

std::string JsonValue::text() const {
  if (!value_->is_string()) refuse("a text");
  return value_->get<std::string>();
}

std::vector<double> JsonValue::reals() const {
  std::vector<double> result;
  for (size_t index = 0; index < size(); ++index) {
    const nlohmann::json &value = (*value_)[index];
    result.push_back(value.is_number() ? value.get<double>() : element(index).real());
  }
  return result;
}

std::vector<int64_t> JsonValue::integers(int64_t least, int64_t most) const {
  std::vector<int64_t> result;
  for (size_t index = 0; index < size(); ++index) result.push_back(element(index).integer(least, most));
  return result;
}

}  // namespace whit
