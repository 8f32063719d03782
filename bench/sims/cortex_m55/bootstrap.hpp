// SPDX-License-Identifier: GPL-2.0-or-later
// A page of guest code outside the firmware's memory: it has the core's memory protection unit enforce the request's
// regions, lets the floating-point and vector unit run, and starts the firmware. It also holds the vector table, so that
// whatever exception comes ends in a place that the plugin knows.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/sims/protocol/error.hpp"
#include "bench/sims/protocol/request.hpp"

namespace whit::sims {

inline constexpr uint32_t bootstrap_base = 0x213FF000;  // the last page of the board's second SRAM
inline constexpr uint32_t bootstrap_bytes = 4096;
inline constexpr uint32_t bootstrap_start = 0xE068;         // the instruction there before all others: b.n to the code below
inline constexpr uint32_t trap_report = bootstrap_base + 0xD0;  // where the core ends after an exception

// Words of the page. `stack` and `entry` are the firmware's.
std::vector<uint32_t> bootstrap_page(const Request &request, uint32_t stack, uint32_t entry);

// What the core says of itself at `trap_report`.
struct Trap {
  uint32_t fault_status = 0;   // CFSR
  uint32_t memory_fault = 0;   // MMFAR
  uint32_t bus_fault = 0;      // BFAR
  uint32_t exception = 0;      // its number
  std::optional<uint32_t> pc;  // of the instruction to blame, where the stack still holds it
};

SimError trap_error(const Trap &trap, const Request &request);

}  // namespace whit::sims
