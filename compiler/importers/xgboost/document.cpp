// SPDX-License-Identifier: Apache-2.0
// UBJSON can claim a billion values in a few bytes. So values are counted before any is stored: a sound file has at most
// one a byte.
#include "compiler/importers/xgboost/document.hpp"

#include <algorithm>
#include <string_view>

#include "compiler/base/error.hpp"
#include "compiler/importers/xgboost/import.hpp"

namespace whit {

namespace {

using nlohmann::json;

class ValueCount : public json::json_sax_t {
 public:
  explicit ValueCount(size_t most) : most_(most) {}

  bool null() override { return count(); }
  bool boolean(bool) override { return count(); }
  bool number_integer(number_integer_t) override { return count(); }
  bool number_unsigned(number_unsigned_t) override { return count(); }
  bool number_float(number_float_t, const string_t &) override { return count(); }
  bool string(string_t &) override { return count(); }
  bool binary(binary_t &) override { return count(); }
  bool start_object(std::size_t) override { return ++depth_ <= most_depth && count(); }
  bool key(string_t &) override { return true; }
  bool end_object() override { return --depth_ >= 0; }
  bool start_array(std::size_t) override { return ++depth_ <= most_depth && count(); }
  bool end_array() override { return --depth_ >= 0; }
  bool parse_error(std::size_t, const std::string &, const nlohmann::detail::exception &) override { return false; }

 private:
  static constexpr int most_depth = 100;  // sound files have about ten; UBJSON is read by recursion

  bool count() { return count_++ < most_; }

  size_t most_, count_ = 0;
  int depth_ = 0;
};

// An object's begin: a count, a type, or the kind of its first key's length. JSON goes on otherwise.
bool looks_like_ubjson(std::span<const uint8_t> bytes) {
  return bytes.size() > 2 && bytes[0] == '{' && std::string_view("#$iUIlL").find(static_cast<char>(bytes[1])) != std::string_view::npos;
}

}  // namespace

bool is_xgboost(std::span<const uint8_t> bytes) {
  constexpr size_t within = 200;
  const std::string_view begin(reinterpret_cast<const char *>(bytes.data()), std::min(bytes.size(), within));
  if (!begin.starts_with("{")) return false;
  return begin.find("\"learner\"") != std::string_view::npos || (looks_like_ubjson(bytes) && begin.find("learner") != std::string_view::npos);
}

json xgboost_document(std::span<const uint8_t> bytes, const std::string &place) {
  const auto format = looks_like_ubjson(bytes) ? json::input_format_t::ubjson : json::input_format_t::json;
  ValueCount count(bytes.size());
  json document(json::value_t::discarded);
  if (json::sax_parse(bytes.begin(), bytes.end(), &count, format))
    document = format == json::input_format_t::json ? json::parse(bytes.begin(), bytes.end(), nullptr, false)
                                                    : json::from_ubjson(bytes.begin(), bytes.end(), true, false);
  if (document.is_discarded())
    throw UserError({place, "not a whole XGBoost model", "JSON or UBJSON as Booster.save_model writes it", "was the file cut off?"});
  return document;
}

}  // namespace whit
