// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// One decoded instruction, reduced to what timing, legality and alignment need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/sims/timing/costs.hpp"

namespace whit::sims {

enum class Branch : uint8_t { none, direct, indirect, loop };

// What a vector instruction occupies; `core` takes all others.
enum class Unit : uint8_t { core, vector_memory, vector_integer, vector_multiply };

// What else the core has beyond ARMv6-M.
struct Features {
  bool thumb2 = false;      // ARMv7-M
  bool dsp = false;         // ARMv7E-M
  bool fpu = false;         // single precision, FPv4
  bool fpu5 = false;        // FPv5: selection, rounding, minimum and maximum
  bool fpu_double = false;  // arithmetic in double precision
  bool armv8m = false;      // ARMv8-M: load-acquire and store-release, security attributes
  bool mve = false;         // ARMv8.1-M: vectors, low-overhead loops; the emulator tells what else is legal
};

// Arm: bits 0 to 15 are r0 to PC, 32 to 63 the floating-point registers s0 to s31. RISC-V: bits 1 to 31 are x1 to x31.
using RegisterSet = uint64_t;

struct Instruction {
  uint32_t address = 0;
  uint8_t size = 2;
  uint32_t Costs::*cost = &Costs::other;
  uint8_t words = 0;                // moved by a transfer of several words
  bool is_load = false;             // of one register: can be pipelined
  bool is_memory = false;
  bool is_narrow = false;           // loads a byte or halfword
  bool is_literal = false;
  bool needs_alignment = false;     // faults on unaligned data, whatever the core
  Branch branch = Branch::none;
  bool is_conditional = false;      // of a branch, where costs ask for it: RISC-V
  bool is_alternative = false;      // under the condition opposite to the instruction's before it: one of the two runs
  bool pops_pc = false;
  bool is_multiply = false;
  bool is_reduction = false;        // of vectors to a core register
  Unit unit = Unit::core;
  RegisterSet read = 0;
  RegisterSet read_late = 0;        // of these, what is needed last: the addend of a product, the data of a store
  RegisterSet written = 0;
  RegisterSet loaded = 0;           // of these, the result of a load (not a base that it updates)
  RegisterSet address_registers = 0;
  int32_t stack_change = 0;         // bytes, where it is known from the instruction alone
  std::optional<std::string> illegal;  // why the core lacks it
};

// Decodes Thumb `code`, which lies at `address`. A last element of size 0 stands for bytes that are no instruction.
std::vector<Instruction> decode(std::span<const uint8_t> code, uint32_t address, const Features &features);

}  // namespace whit::sims
