// SPDX-License-Identifier: Apache-2.0
// Typed look-up in the attribute map.
#include "compiler/ir/attributes.hpp"

#include "compiler/base/error.hpp"

namespace whit {

namespace {

template <typename T>
T value_or(const Attributes::Map &values, std::string_view name, T otherwise) {
  const auto found = values.find(name);
  if (found == values.end()) return otherwise;
  const T *value = std::get_if<T>(&found->second);
  internal_check(value != nullptr, "attribute '{}' is not of the type its operator reads", name);
  return *value;
}

}  // namespace

int64_t Attributes::integer(std::string_view name, int64_t otherwise) const {
  return value_or(values_, name, otherwise);
}

double Attributes::real(std::string_view name, double otherwise) const { return value_or(values_, name, otherwise); }

std::string Attributes::text(std::string_view name, std::string_view otherwise) const {
  return value_or(values_, name, std::string(otherwise));
}

std::vector<int64_t> Attributes::integers(std::string_view name) const {
  return value_or(values_, name, std::vector<int64_t>{});
}

}  // namespace whit
