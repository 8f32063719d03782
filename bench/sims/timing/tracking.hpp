// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// In-order cores whose results come later than the next cycle, or that issue two instructions at a time: who waits for
// whose result, and which instructions go together.
#pragma once

#include <cstdint>
#include <span>

#include "bench/sims/timing/costs.hpp"
#include "bench/sims/timing/instruction.hpp"

namespace whit::sims {

// Cycles of a straight run of instructions at zero wait states. All registers are ready at its beginning, and results
// still on their way at its end cost nothing.
uint32_t tracked_cycles(std::span<const Instruction> instructions, const Costs &costs);
// The same where `before` ran just before: its results and vector units may still be on their way.
uint32_t tracked_cycles_after(std::span<const Instruction> before, std::span<const Instruction> instructions, const Costs &costs);

}  // namespace whit::sims
