// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Reads one JSON object member by member. It knows its own place in the request ("memory[1].size"), so that every
// complaint names it, and it rejects members that nobody asked for: a misspelt option must not be ignored.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "bench/sims/protocol/elf_image.hpp"

namespace whit::sims {

class Fields {
 public:
  // Throws `bad_request` if `value` is not an object. `value` must outlive this.
  Fields(const nlohmann::json &value, std::string place);

  bool has(const std::string &name) const { return value_.contains(name); }
  std::string place_of(const std::string &name) const;

  // Each of these throws `bad_request` if the member is missing or not what its name says.
  const nlohmann::json &any(const std::string &name);
  std::string text(const std::string &name);
  bool boolean(const std::string &name, bool otherwise);
  uint64_t number(const std::string &name, uint64_t least, uint64_t most);
  uint64_t number(const std::string &name, uint64_t least, uint64_t most, uint64_t otherwise);
  uint32_t address(const std::string &name, const ElfImage &image);
  Fields object(const std::string &name);
  std::vector<Fields> objects(const std::string &name);  // a missing list is an empty one
  const nlohmann::json &list(const std::string &name);   // likewise

  // Call last: throws `bad_request` for members that none of the above has read.
  void finish() const;

 private:
  const nlohmann::json &value_;
  std::string place_;
  std::set<std::string> read_;
};

// An address: a number, "0x1000", "1000", "symbol" or "symbol+4" (a sum of two such parts).
uint32_t resolve_address(const nlohmann::json &value, const std::string &place, const ElfImage &image);

}  // namespace whit::sims
