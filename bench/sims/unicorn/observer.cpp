// SPDX-License-Identifier: GPL-2.0-or-later
// The hooks. They are called from generated code, which no exception may cross: errors go through Engine::fail().
#include "bench/sims/unicorn/observer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace whit::sims {
namespace {

constexpr size_t recent_blocks = 4096;

std::vector<Flash> make_flashes(const std::vector<Region> &memory) {
  std::vector<Flash> flashes;
  for (const Region &region : memory) {
    if (region.wait_states != 0) flashes.emplace_back(region);
  }
  return flashes;
}

}  // namespace

Observer::Observer(Engine &engine, MemoryMap &memory, const Machine &machine, const Request &request)
    : engine_(engine), memory_(memory), machine_(machine), request_(request), recent_(recent_blocks, nullptr) {
  for (const MemoryMap::Bank &bank : memory.banks()) {
    if (bank.region.size != bank.allocated) tails_.push_back({bank.region.base + bank.region.size, bank.region.base + bank.allocated});
  }
  for (size_t i = 0; i < request.markers.size(); ++i) markers_[request.markers[i]] = i;
  engine.add_hook(UC_HOOK_BLOCK, reinterpret_cast<void *>(block_hook), this);
  engine.add_hook(UC_HOOK_CODE, reinterpret_cast<void *>(instruction_hook), this);
  engine.add_hook(UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, reinterpret_cast<void *>(memory_hook), this);
}

SampleCounts Observer::run(uint32_t to, uint64_t &allowance, const Chip::MarkerCallback &on_marker) {
  begin(to, allowance, on_marker);
  engine_.run_to(to);
  finish(to);
  counts_.stack = stack_start_ - stack_lowest_;
  return std::move(counts_);
}

SampleCounts Observer::run_on(uint64_t &allowance) {
  static const Chip::MarkerCallback none = [](size_t) {};
  begin(UINT32_MAX, allowance, none);
  engine_.run_on();
  counts_.stack = stack_start_ - stack_lowest_;
  return std::move(counts_);
}

void Observer::begin(uint32_t to, uint64_t &allowance, const Chip::MarkerCallback &on_marker) {
  flashes_ = make_flashes(request_.memory);
  blocks_.clear();
  predictions_.clear();
  remembered_loop_.reset();
  std::fill(recent_.begin(), recent_.end(), nullptr);
  counts_ = {};
  counts_.markers.resize(request_.markers.size());
  current_ = &counts_.unmarked;
  if (request_.profile) counts_.functions.resize(request_.functions.size() + 1);
  function_ = nullptr;
  on_marker_ = &on_marker;
  allowance_ = &allowance;
  to_ = to;
  previous_ = nullptr;
  stack_start_ = stack_lowest_ = engine_.read(machine_.sp);
}

void Observer::block_hook(uc_engine *, uint64_t address, uint32_t size, void *user) {
  auto &observer = *static_cast<Observer *>(user);
  if (observer.engine_.failed() || address == observer.to_) return;
  try {
    observer.on_block(static_cast<uint32_t>(address), size);
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

void Observer::on_block(uint32_t address, uint32_t size) {
  KnownBlock &known = block_at(address, size);
  if (known.marker) {
    current_ = &counts_.markers[*known.marker];
    (*on_marker_)(*known.marker);
  }
  if (request_.profile) function_ = &counts_.functions[known.function];
  if (known.block.illegal_at) throw SimError("illegal_instruction", known.block.illegal_reason, *known.block.illegal_at);
  watch_stack(known.block);
  count(known);
  if (*allowance_ < known.block.instructions)
    throw SimError("instruction_limit", fmt::format("still running after the {} instructions allowed", request_.instruction_limit), address);
  *allowance_ -= known.block.instructions;
  previous_ = &known;
}

Observer::KnownBlock &Observer::block_at(uint32_t address, uint32_t size) {
  KnownBlock *&recent = recent_[(address >> 1) % recent_blocks];
  if (recent && recent->block.begin == address && recent->block.end == address + size) return *recent;
  std::unique_ptr<KnownBlock> &slot = blocks_[address];
  if (!slot || slot->block.end != address + size) {
    if (previous_ == slot.get()) previous_ = nullptr;
    slot = std::make_unique<KnownBlock>(make_known(address, size));
  }
  recent = slot.get();
  return *recent;
}

Observer::KnownBlock Observer::make_known(uint32_t address, uint32_t size) {
  KnownBlock known;
  known.block = machine_.block(memory_.at(address, size), address);
  known.flash = flash_at(address);
  if (request_.profile) known.function = request_.functions.index_of(address);
  if (machine_.costs.mispredicted != 0 && known.block.last.branch != Branch::none)
    known.prediction = &predictions_.try_emplace(known.block.last.address, Prediction{known.block.end}).first->second;
  if (const auto marker = markers_.find(address); marker != markers_.end()) known.marker = marker->second;
  return known;
}

// A branch is expected to go where it went last; once it was right, it takes two surprises to change that.
bool Observer::surprises(Prediction &prediction, uint32_t to) {
  if (prediction.target == to) {
    prediction.is_sure = true;
    return false;
  }
  if (!std::exchange(prediction.is_sure, false)) prediction.target = to;
  return true;
}

// Only the backward branch that was taken last is expected to be taken (once it is not, it is forgotten).
uint32_t Observer::loop_cycles(const Block &from, const Block &next) {
  const bool is_taken = from.end != next.begin;
  const bool is_expected = remembered_loop_ == from.last.address;
  if (is_taken && next.begin <= from.last.address) remembered_loop_ = from.last.address;
  if (is_expected && !is_taken) remembered_loop_.reset();
  return (is_taken != is_expected ? from.taken_cycles : 0) + (is_taken && next.starts_unaligned ? machine_.costs.taken_unaligned : 0);
}

// What arriving at a block costs beyond the block itself: a branch taken or not expected, or the pipelining of its
// first instruction with the last one of a block that was cut short without a branch.
int32_t Observer::entry_cycles(const KnownBlock &next) {
  if (!previous_) return 0;
  const Block &from = previous_->block;
  if (previous_->prediction && surprises(*previous_->prediction, next.block.begin))
    return static_cast<int32_t>(machine_.costs.mispredicted);
  if (machine_.costs.remembers_loop != 0 && from.last.is_conditional) return static_cast<int32_t>(loop_cycles(from, next.block));
  if (from.end != next.block.begin)
    return static_cast<int32_t>(from.taken_cycles + (next.block.starts_unaligned ? machine_.costs.taken_unaligned : 0));
  if (from.last.branch != Branch::none || machine_.costs.tracks_results != 0) return 0;
  return static_cast<int32_t>(cycles_after(&from.last, next.block.first, machine_.costs)) -
         static_cast<int32_t>(cycles_after(nullptr, next.block.first, machine_.costs));
}

void Observer::count(KnownBlock &known) {
  const uint32_t cycles = known.block.cycles + static_cast<uint32_t>(entry_cycles(known));
  add({known.block.instructions, cycles, cycles + fetch_stalls(known)});
}

void Observer::add(const Counts &counts) {
  *current_ += counts;
  if (function_) *function_ += counts;
}

uint32_t Observer::fetch_stalls(KnownBlock &known) {
  if (!known.flash || known.held_at == known.flash->fetch_sequence()) return 0;
  const uint32_t stalls = known.flash->fetch(known.block.begin, known.block.end);
  if (stalls == 0 && !known.flash->region().prefetch) known.held_at = known.flash->fetch_sequence();
  return stalls;
}

void Observer::watch_stack(const Block &block) {
  const uint32_t lowest = engine_.read(machine_.sp) + static_cast<uint32_t>(block.lowest_stack);
  if (lowest >= stack_lowest_) return;
  stack_lowest_ = lowest;
  if (request_.stack && lowest < request_.stack->base)
    throw SimError("stack_overflow", fmt::format("the stack pointer sinks to {:#x}, the stack ends at {:#x}", lowest, request_.stack->base),
                   block.begin);
}

void Observer::on_memory(bool is_write, uint32_t address, uint32_t bytes) {
  for (const Tail &tail : tails_)
    if (address < tail.end && address + bytes > tail.begin)
      throw SimError("unmapped_access", fmt::format("accesses {} bytes at {:#x}, where there is no memory", bytes, address), pc_);
  if ((address & (std::min(bytes, 4u) - 1)) != 0) on_unaligned(address, bytes);
  if (is_write) return;
  if (Flash *flash = flash_at(address); flash && flash->region().contains(address, bytes))
    add({0, 0, flash->load(address, bytes)});
}

// Unicorn lets LDRD, LDM and their like pass on unaligned data; silicon faults.
void Observer::on_unaligned(uint32_t address, uint32_t bytes) {
  const auto &aligned_only = previous_->block.aligned_only;
  if (!machine_.unaligned_data || std::binary_search(aligned_only.begin(), aligned_only.end(), pc_))
    throw SimError("misaligned_access", fmt::format("an instruction that needs aligned data accesses {} bytes at {:#x}", bytes, address), pc_);
  add({0, 0, uint64_t{machine_.costs.unaligned_part} * (address % 2 != 0 && bytes == 4 ? 2 : 1)});
}

Flash *Observer::flash_at(uint32_t address) {
  for (Flash &flash : flashes_) {
    if (flash.region().contains(address, 1)) return &flash;
  }
  return nullptr;
}

// The branch that leaves the measured code counts too.
void Observer::finish(uint32_t to) {
  if (!previous_ || previous_->block.end == to) return;
  const auto bytes = memory_.at(to, 2);
  const bool is_wide = (bytes[1] & 0xF8) >= 0xE8;
  const uint32_t cycles = previous_->block.taken_cycles + (is_wide && (to & 2) ? machine_.costs.taken_unaligned : 0);
  add({0, cycles, cycles});
}

}  // namespace whit::sims
