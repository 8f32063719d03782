// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// RISC-V instructions of 32-bit cores, reduced to what timing, legality and alignment need.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "bench/sims/timing/instruction.hpp"

namespace whit::sims {

// What the core has beyond RV32I.
struct RiscvFeatures {
  bool multiply = false;    // M
  bool atomic = false;      // A
  bool compressed = false;  // C
  bool embedded = false;    // E: x0 to x15 alone
};

// Decodes `code`, which lies at `address`. A last element of size 0 stands for bytes
// that are cut short, or for no bytes at all: so Unicorn shows an instruction that it does not know.
std::vector<Instruction> decode_riscv(std::span<const uint8_t> code, uint32_t address, const RiscvFeatures &features);

}  // namespace whit::sims
