// SPDX-License-Identifier: GPL-2.0-or-later
// The hooks. They are called from generated code, which no exception may cross: errors go through Engine::fail().
#include "bench/sims/unicorn/observer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace whit::sims {

Observer::Observer(Engine &engine, MemoryMap &memory, const Machine &machine, const Request &request)
    : engine_(engine), memory_(memory), machine_(machine),
      counter_(request, machine.costs,
               [this](uint32_t address, uint32_t size) { return machine_.block(memory_.at(address, size), address); }) {
  for (const MemoryMap::Bank &bank : memory.banks()) {
    if (bank.region.size != bank.allocated) tails_.push_back({bank.region.base + bank.region.size, bank.region.base + bank.allocated});
  }
  engine.add_hook(UC_HOOK_BLOCK, reinterpret_cast<void *>(block_hook), this);
  engine.add_hook(UC_HOOK_CODE, reinterpret_cast<void *>(instruction_hook), this);
  engine.add_hook(UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, reinterpret_cast<void *>(memory_hook), this);
}

SampleCounts Observer::run(uint32_t to, uint64_t &allowance, const Chip::MarkerCallback &on_marker) {
  begin(to, allowance, on_marker);
  engine_.run_to(to);
  return counter_.finish(to, (memory_.at(to, 2)[1] & 0xF8) >= 0xE8);
}

SampleCounts Observer::run_on(uint64_t &allowance) {
  static const Chip::MarkerCallback none = [](size_t) {};
  begin(UINT32_MAX, allowance, none);
  engine_.run_on();
  return counter_.finish();
}

void Observer::begin(uint32_t to, uint64_t &allowance, const Chip::MarkerCallback &on_marker) {
  to_ = to;
  counter_.begin(engine_.read(machine_.sp), allowance, on_marker);
}

void Observer::block_hook(uc_engine *, uint64_t address, uint32_t size, void *user) {
  auto &observer = *static_cast<Observer *>(user);
  if (observer.engine_.failed() || address == observer.to_) return;
  try {
    observer.counter_.on_block(static_cast<uint32_t>(address), size, observer.engine_.read(observer.machine_.sp));
  } catch (...) {
    observer.engine_.fail(std::current_exception());
  }
}

// Only to know which instruction makes an unaligned access: in other hooks Unicorn's PC is the block's.
void Observer::instruction_hook(uc_engine *, uint64_t address, uint32_t, void *user) {
  static_cast<Observer *>(user)->pc_ = static_cast<uint32_t>(address);
}

void Observer::memory_hook(uc_engine *, uc_mem_type type, uint64_t address, int size, int64_t, void *user) {
  auto &observer = *static_cast<Observer *>(user);
  if (observer.engine_.failed()) return;
  try {
    observer.on_memory(type == UC_MEM_WRITE, static_cast<uint32_t>(address), static_cast<uint32_t>(size));
  } catch (...) {
    observer.engine_.fail(std::current_exception());
  }
}

void Observer::on_memory(bool is_write, uint32_t address, uint32_t bytes) {
  for (const Tail &tail : tails_)
    if (address < tail.end && address + bytes > tail.begin)
      throw SimError("unmapped_access", fmt::format("accesses {} bytes at {:#x}, where there is no memory", bytes, address), pc_);
  if ((address & (std::min(bytes, 4u) - 1)) != 0) on_unaligned(address, bytes);
  if (!is_write) counter_.on_load(address, bytes);
}

// Unicorn lets LDRD, LDM and their like pass on unaligned data; silicon faults.
void Observer::on_unaligned(uint32_t address, uint32_t bytes) {
  if (!machine_.unaligned_data || counter_.needs_alignment(pc_))
    throw SimError("misaligned_access", fmt::format("an instruction that needs aligned data accesses {} bytes at {:#x}", bytes, address), pc_);
  counter_.on_unaligned(address % 2 != 0 && bytes == 4 ? 2 : 1);
}

}  // namespace whit::sims
