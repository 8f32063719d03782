// SPDX-License-Identifier: Apache-2.0
// The attributes an operator reads, declared for the verifier: a misspelt or mistyped one never reaches a kernel.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace whit {

// The alternatives of AttributeValue, in its order.
enum class AttributeKind { integer, real, text, integers };

struct AttributeRule {
  std::string_view name{};
  AttributeKind kind = AttributeKind::integer;
};

template <size_t count>
using AttributeRules = std::array<AttributeRule, count>;

// The rules of both lists, for operators that share some.
template <size_t first, size_t second>
consteval AttributeRules<first + second> operator+(const AttributeRules<first> &a, const AttributeRules<second> &b) {
  AttributeRules<first + second> joined{};
  std::copy(a.begin(), a.end(), joined.begin());
  std::copy(b.begin(), b.end(), joined.begin() + first);
  return joined;
}

}  // namespace whit
