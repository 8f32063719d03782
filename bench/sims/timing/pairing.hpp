// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Cores that issue up to two instructions in a cycle, in order (Cortex-M7, M33): which may go together, and who waits
// for whose result.
#pragma once

#include <cstdint>
#include <span>

#include "bench/sims/timing/costs.hpp"
#include "bench/sims/timing/instruction.hpp"

namespace whit::sims {

// Cycles of a straight run of instructions at zero wait states. All registers are ready at its beginning, and results
// still on their way at its end cost nothing. `costs.pairs` must not be 0.
uint32_t paired_cycles(std::span<const Instruction> instructions, const Costs &costs);

}  // namespace whit::sims
