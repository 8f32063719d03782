// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// A basic block with everything about its cost that can be known before it runs.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/sims/timing/costs.hpp"
#include "bench/sims/timing/instruction.hpp"

namespace whit::sims {

struct Block {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t instructions = 0;
  uint32_t cycles = 0;            // zero wait states, branch at the end not taken
  uint32_t taken_cycles = 0;      // more if the branch at the end is taken
  bool starts_unaligned = false;  // with a 32-bit instruction that is not word-aligned
  int32_t lowest_stack = 0;       // bytes that the stack pointer sinks at most inside, 0 or below
  Instruction last;
  Instruction first;
  std::vector<Instruction> content;  // kept for cores whose vector instructions reach into the next block
  std::vector<uint32_t> aligned_only;  // addresses of instructions that fault on unaligned data
  std::optional<uint32_t> illegal_at;  // the first instruction that the core lacks...
  std::string illegal_reason;          // ...and why
};

// Of decoded instructions, at least one, that lie from `begin` to `end`.
Block make_block(std::span<const Instruction> instructions, uint32_t begin, uint32_t end, const Costs &costs);
// Of Thumb code.
Block make_block(std::span<const uint8_t> code, uint32_t address, const Costs &costs, const Features &features);

// The cycles of `instruction` whatever stands around it.
uint32_t cycles_alone(const Instruction &instruction, const Costs &costs);

// The cycles of `instruction` coming directly after `previous` (none: after a branch).
uint32_t cycles_after(const Instruction *previous, const Instruction &instruction, const Costs &costs);

}  // namespace whit::sims
