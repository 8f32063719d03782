// SPDX-License-Identifier: Apache-2.0
// A value in a model file made of JSON, with the place where it stands, for readers that trust nothing: each question
// is answered, or is a UserError that says what stands there and what should.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "compiler/base/error.hpp"

namespace whit {

class JsonValue {
 public:
  JsonValue(const nlohmann::json &value, std::string place) : value_(&value), place_(std::move(place)) {}

  const std::string &place() const { return place_; }
  bool has(std::string_view key) const { return value_->is_object() && value_->contains(key); }
  // The member of an object; UserError when there is none.
  JsonValue member(std::string_view key) const;
  // The elements of an array; UserError when it is none.
  size_t size() const;
  JsonValue element(size_t index) const;

  int64_t integer(int64_t least, int64_t most) const;
  // Numbers, and the texts that hold one: XGBoost writes some numbers so.
  double real() const;
  bool boolean() const;  // also 0 and 1
  std::string text() const;
  bool null() const { return value_->is_null(); }
  bool array() const { return value_->is_array(); }
  std::vector<double> reals() const;
  std::vector<int64_t> integers(int64_t least, int64_t most) const;

  // What is there is not understood; with a hint, what is there is sound but not supported, and the hint says what to do instead.
  [[noreturn]] void refuse(const std::string &supported, const std::string &hint = "the model file may be damaged") const;

 private:
  const nlohmann::json *value_;
  std::string place_;
};

}  // namespace whit
