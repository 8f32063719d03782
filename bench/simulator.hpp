// SPDX-License-Identifier: Apache-2.0
// A simulator as a program that answers one request: the protocol of bench/sims/README.md, seen from whit's side.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "compiler/targets/target.hpp"

namespace whit {

struct Counts {
  int64_t instructions = 0;
  int64_t cycles = 0;        // zero wait states
  int64_t board_cycles = 0;  // with the board's flash wait states and caches
};

// Asks the target's simulator; `core` and `memory` of the request are filled in. Returns the reply, whose "ok" may be
// false. UserError when the simulator cannot be run.
nlohmann::json ask_simulator(const Target &target, nlohmann::json request);

// What a reply that is not ok says, for people: "the emulated chip stopped: ..., at run+0x4 (unmapped_access)".
std::string simulator_complaint(const nlohmann::json &reply);

Counts counts_from(const nlohmann::json &entry);

}  // namespace whit
