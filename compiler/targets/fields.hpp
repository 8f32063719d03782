// SPDX-License-Identifier: Apache-2.0
// One JSON object of a target file, read field by field with messages that name file, field and what was found there.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "compiler/base/error.hpp"

namespace whit {

class Fields {
 public:
  // The object must outlive this. `place`: the file, and where in it.
  Fields(const nlohmann::json &object, std::string place);

  bool has(const char *name) const { return object_.contains(name); }

  template <typename T>
  T get(const char *name) const {
    if (!has(name)) fail(fmt::format("has no field \"{}\"", name));
    try {
      return object_.at(name).get<T>();
    } catch (const nlohmann::json::exception &) {
      fail(fmt::format("field \"{}\" is {}, of the wrong type", name, found(name)));
    }
  }

  template <typename T>
  T get_or(const char *name, T otherwise) const {
    return has(name) ? get<T>(name) : otherwise;
  }

  // A whole number in that range.
  uint64_t whole(const char *name, uint64_t least, uint64_t most) const;
  uint64_t whole_or(const char *name, uint64_t least, uint64_t most, uint64_t otherwise) const {
    return has(name) ? whole(name, least, most) : otherwise;
  }

  // One line of text without control characters: it comes to stand on terminals and pages.
  std::string text(const char *name) const;
  std::string text_or(const char *name, const std::string &otherwise) const { return has(name) ? text(name) : otherwise; }

  // A number above zero; none where the field is null or left out: not known.
  std::optional<double> positive(const char *name) const;

  // Likewise a number in that range; `meaning` says it in words.
  std::optional<double> within(const char *name, double least, double most, const char *meaning) const;

  // Refuses any other field: a misspelt one must not be ignored.
  void only(std::initializer_list<const char *> names) const;

  [[noreturn]] void fail(const std::string &found) const;
  [[noreturn]] void fail(const std::string &found, const std::string &supported) const;

 private:
  std::string found(const char *name) const;  // the field's value, cut where it gets long

  const nlohmann::json &object_;
  std::string place_;
};

}  // namespace whit
