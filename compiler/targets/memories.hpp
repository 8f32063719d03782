// SPDX-License-Identifier: Apache-2.0
// The memories of a board file. What a simulator would refuse later is refused here, where the file is known.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "compiler/targets/target.hpp"

namespace whit {

// Memories begin at multiples of `page` bytes and share none. UserError with `place` (the file), the entry and the field.
std::vector<Memory> parse_memories(const nlohmann::json &entries, const std::string &place, uint64_t page);

}  // namespace whit
