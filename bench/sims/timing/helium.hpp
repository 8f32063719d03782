// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Instructions of Armv8.1-M, which Capstone does not know: vectors (Helium), low-overhead loops, conditional selection, long
// shifts. Only as far as timing needs: which unit takes them, what they read and write.
#pragma once

#include <cstdint>
#include <optional>

#include "bench/sims/timing/instruction.hpp"

namespace whit::sims {

// `first` and `second` are the halves of a 32-bit instruction at `address`. Nothing if it is not one of these.
std::optional<Instruction> decode_helium(uint16_t first, uint16_t second, uint32_t address);

}  // namespace whit::sims
