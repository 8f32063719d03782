// SPDX-License-Identifier: Apache-2.0
// A node's attributes: a small ordered map from name to value, so that the text form prints and reads any operator
// without knowing it. Each operator has a typed view of its own attributes in its folder under ops/.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace whit {

using AttributeValue = std::variant<int64_t, double, std::string, std::vector<int64_t>>;

class Attributes {
 public:
  using Map = std::map<std::string, AttributeValue, std::less<>>;

  Attributes() = default;
  Attributes(std::initializer_list<Map::value_type> values) : values_(values) {}

  void set(std::string name, AttributeValue value) { values_[std::move(name)] = std::move(value); }
  bool has(std::string_view name) const { return values_.find(name) != values_.end(); }

  // The value under that name, or `otherwise` when there is none. InternalError when it is of another type
  // (the verifier has checked names and types before anyone asks).
  int64_t integer(std::string_view name, int64_t otherwise = 0) const;
  double real(std::string_view name, double otherwise = 0.0) const;
  std::string text(std::string_view name, std::string_view otherwise = "") const;
  std::vector<int64_t> integers(std::string_view name) const;

  const Map &values() const { return values_; }
  bool operator==(const Attributes &) const = default;

 private:
  Map values_;
};

}  // namespace whit
