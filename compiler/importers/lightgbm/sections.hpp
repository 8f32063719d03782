// SPDX-License-Identifier: Apache-2.0
// LightGBM's text as sections of "key=value" lines: the header, then one a tree, which begins with "Tree=".
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace whit {

class LightgbmSection {
 public:
  LightgbmSection(std::string place, std::map<std::string_view, std::string_view> values)
      : place_(std::move(place)), values_(std::move(values)) {}

  const std::string &place() const { return place_; }
  bool has(std::string_view key) const { return values_.contains(key); }
  // UserError when there is none.
  std::string_view text(std::string_view key) const;
  int64_t integer(std::string_view key, int64_t least, int64_t most) const;
  // Numbers separated by spaces, exactly `count` of them.
  std::vector<double> reals(std::string_view key, size_t count) const;
  std::vector<int64_t> integers(std::string_view key, size_t count, int64_t least, int64_t most) const;

  // With a hint, what is there is sound but not supported, and the hint says what to do instead.
  [[noreturn]] void refuse(std::string_view key, std::string found, std::string supported, std::string hint = "the model file may be damaged") const;

 private:
  std::string place_;
  std::map<std::string_view, std::string_view> values_;
};

// The header first. The sections point into the bytes. UserError when the end of the trees is missing.
std::vector<LightgbmSection> lightgbm_sections(std::span<const uint8_t> bytes, std::string_view place);

}  // namespace whit
