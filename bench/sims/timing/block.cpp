// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Adds up the static cost of a block.
#include "bench/sims/timing/block.hpp"

#include <algorithm>

#include "bench/sims/timing/tracking.hpp"

namespace whit::sims {
namespace {

bool follows_independent_load(const Instruction *previous, const Instruction &instruction) {
  return previous && previous->is_load && (previous->loaded & instruction.address_registers) == 0;
}

bool waits_for_address(const Instruction *previous, const Instruction &instruction) {
  return previous && !previous->is_memory && (previous->written & instruction.address_registers) != 0;
}

uint32_t taken_cycles(const Instruction &last, const Costs &costs) {
  if (last.branch == Branch::loop) return 0;
  return last.branch == Branch::direct ? costs.taken_direct : costs.taken_indirect;
}

void note_problems(const Instruction &instruction, Block &block) {
  if (instruction.needs_alignment) block.aligned_only.push_back(instruction.address);
  if (block.illegal_at || (instruction.size != 0 && !instruction.illegal)) return;
  block.illegal_at = instruction.address;
  block.illegal_reason = instruction.illegal.value_or("these bytes are no instruction");
}

}  // namespace

uint32_t cycles_alone(const Instruction &instruction, const Costs &costs) {
  uint32_t cycles = costs.*instruction.cost;
  if (instruction.cost == &Costs::transfer_multiple) cycles += instruction.words * costs.transfer_word;
  if (instruction.is_literal) cycles += costs.load_literal_extra;
  if (instruction.pops_pc) cycles += costs.pop_pc_extra;
  return cycles;
}

uint32_t cycles_after(const Instruction *previous, const Instruction &instruction, const Costs &costs) {
  uint32_t cycles = cycles_alone(instruction, costs);
  if (previous && instruction.is_alternative) {  // the dearer one is charged, the other one takes a cycle: its condition fails
    const uint32_t charged = cycles_alone(*previous, costs);
    return costs.other + (cycles > charged ? cycles - charged : 0);
  }
  if (instruction.is_load && follows_independent_load(previous, instruction)) cycles -= costs.load - costs.load_pipelined;
  if (instruction.is_memory && waits_for_address(previous, instruction)) cycles += costs.address_dependency;
  return cycles;
}

Block make_block(std::span<const uint8_t> code, uint32_t address, const Costs &costs, const Features &features) {
  return make_block(decode(code, address, features), address, address + static_cast<uint32_t>(code.size()), costs);
}

Block make_block(std::span<const Instruction> instructions, uint32_t begin, uint32_t end, const Costs &costs) {
  Block block;
  block.begin = begin;
  block.end = end;
  const Instruction *previous = nullptr;
  int32_t stack = 0;
  for (const Instruction &instruction : instructions) {
    block.instructions += 1;
    if (costs.tracks_results == 0) block.cycles += cycles_after(previous, instruction, costs);
    stack += instruction.stack_change;
    block.lowest_stack = std::min(block.lowest_stack, stack);
    note_problems(instruction, block);
    previous = &instruction;
  }
  if (costs.tracks_results != 0) block.cycles = tracked_cycles(instructions, costs);
  if (costs.vector_unit != 0) block.content.assign(instructions.begin(), instructions.end());
  block.first = instructions.front();
  block.last = instructions.back();
  block.taken_cycles = taken_cycles(block.last, costs);
  block.starts_unaligned = block.first.size == 4 && (begin & 2) != 0;
  return block;
}

}  // namespace whit::sims
