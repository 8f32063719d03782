// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Which instructions a core has. Emulators are more permissive than silicon (Unicorn runs SMLAD on a Cortex-M3).
#pragma once

#include <capstone/capstone.h>

#include <optional>
#include <string>

#include "bench/sims/timing/instruction.hpp"

namespace whit::sims {

// Why a core with these features lacks the instruction; nothing if it has it. `name` is the mnemonic without condition.
std::optional<std::string> why_illegal(const cs_insn &instruction, const std::string &name, const Features &features);

}  // namespace whit::sims
