// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
#include "bench/sims/timing/block_counter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "bench/sims/protocol/error.hpp"
#include "bench/sims/timing/tracking.hpp"

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

BlockCounter::BlockCounter(const Request &request, const Costs &costs, BlockMaker make_block)
    : request_(request), costs_(costs), make_block_(std::move(make_block)), recent_(recent_blocks, nullptr) {
  for (size_t i = 0; i < request.markers.size(); ++i) markers_[request.markers[i]] = i;
}

void BlockCounter::begin(uint32_t stack, uint64_t &allowance, const Chip::MarkerCallback &on_marker) {
  flashes_ = make_flashes(request_.memory);
  blocks_.clear();
  predictions_.clear();
  remembered_loop_.reset();
  overlaps_.clear();
  std::fill(recent_.begin(), recent_.end(), nullptr);
  counts_ = {};
  counts_.markers.resize(request_.markers.size());
  current_ = &counts_.unmarked;
  if (request_.profile) counts_.functions.resize(request_.functions.size() + 1);
  function_ = nullptr;
  on_marker_ = &on_marker;
  allowance_ = &allowance;
  previous_ = nullptr;
  stack_start_ = stack_lowest_ = stack;
}

void BlockCounter::on_block(uint32_t address, uint32_t size, uint32_t stack) {
  KnownBlock &known = block_at(address, size);
  if (known.marker) {
    current_ = &counts_.markers[*known.marker];
    (*on_marker_)(*known.marker);
  }
  if (request_.profile) function_ = &counts_.functions[known.function];
  if (known.block.illegal_at) throw SimError("illegal_instruction", known.block.illegal_reason, *known.block.illegal_at);
  watch_stack(known.block, stack);
  count(known);
  if (*allowance_ < known.block.instructions)
    throw SimError("instruction_limit", fmt::format("still running after the {} instructions allowed", request_.instruction_limit), address);
  *allowance_ -= known.block.instructions;
  previous_ = &known;
}

BlockCounter::KnownBlock &BlockCounter::block_at(uint32_t address, uint32_t size) {
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

BlockCounter::KnownBlock BlockCounter::make_known(uint32_t address, uint32_t size) {
  KnownBlock known;
  known.block = make_block_(address, size);
  known.flash = flash_at(address);
  if (request_.profile) known.function = request_.functions.index_of(address);
  if (costs_.mispredicted != 0 && known.block.last.branch != Branch::none)
    known.prediction = &predictions_.try_emplace(known.block.last.address, Prediction{known.block.end}).first->second;
  if (const auto marker = markers_.find(address); marker != markers_.end()) known.marker = marker->second;
  return known;
}

// A branch is expected to go where it went last; once it was right, it takes two surprises to change that.
bool BlockCounter::surprises(Prediction &prediction, uint32_t to) {
  if (prediction.target == to) {
    prediction.is_sure = true;
    return false;
  }
  if (!std::exchange(prediction.is_sure, false)) prediction.target = to;
  return true;
}

// Only the backward branch that was taken last is expected to be taken (once it is not, it is forgotten).
uint32_t BlockCounter::loop_cycles(const Block &from, const Block &next) {
  const bool is_taken = from.end != next.begin;
  const bool is_expected = remembered_loop_ == from.last.address;
  if (is_taken && next.begin <= from.last.address) remembered_loop_ = from.last.address;
  if (is_expected && !is_taken) remembered_loop_.reset();
  return (is_taken != is_expected ? from.taken_cycles : 0) + (is_taken && next.starts_unaligned ? costs_.taken_unaligned : 0);
}

// What arriving at a block costs beyond the block itself: a branch taken or not expected, or the pipelining of its
// first instruction with the last one of a block that was cut short without a branch.
int32_t BlockCounter::entry_cycles(const KnownBlock &next) {
  if (!previous_) return 0;
  const Block &from = previous_->block;
  if (costs_.vector_unit != 0) return overlap_cycles(from, next);
  if (previous_->prediction && surprises(*previous_->prediction, next.block.begin)) return static_cast<int32_t>(costs_.mispredicted);
  if (costs_.remembers_loop != 0 && from.last.is_conditional) return static_cast<int32_t>(loop_cycles(from, next.block));
  if (from.end != next.block.begin)
    return static_cast<int32_t>(from.taken_cycles + (next.block.starts_unaligned ? costs_.taken_unaligned : 0));
  if (from.last.branch != Branch::none || costs_.tracks_results != 0) return 0;
  return static_cast<int32_t>(cycles_after(&from.last, next.block.first, costs_)) -
         static_cast<int32_t>(cycles_after(nullptr, next.block.first, costs_));
}

// Where vector instructions reach from one block into the next: the refill of a taken branch, or the time that the next
// block waits, whichever is longer. Known once for each pair of blocks.
int32_t BlockCounter::overlap_cycles(const Block &from, const KnownBlock &next) {
  const uint64_t pair = uint64_t{from.begin} << 32 | next.block.begin;
  const auto [found, is_new] = overlaps_.try_emplace(pair, 0);
  if (is_new) {
    const uint32_t refill = from.end == next.block.begin ? 0 : from.taken_cycles;
    const uint32_t together = tracked_cycles_after(from.content, next.block.content, costs_);
    found->second = static_cast<int32_t>(std::max(together, next.block.cycles + refill)) - static_cast<int32_t>(next.block.cycles);
  }
  return found->second;
}

void BlockCounter::count(KnownBlock &known) {
  const uint32_t cycles = known.block.cycles + static_cast<uint32_t>(entry_cycles(known));
  add({known.block.instructions, cycles, cycles + fetch_stalls(known)});
}

void BlockCounter::add(const Counts &counts) {
  *current_ += counts;
  if (function_) *function_ += counts;
}

uint32_t BlockCounter::fetch_stalls(KnownBlock &known) {
  if (!known.flash || known.held_at == known.flash->fetch_sequence()) return 0;
  const uint32_t stalls = known.flash->fetch(known.block.begin, known.block.end);
  if (stalls == 0 && !known.flash->region().prefetch) known.held_at = known.flash->fetch_sequence();
  return stalls;
}

void BlockCounter::watch_stack(const Block &block, uint32_t stack) {
  const uint32_t lowest = stack + static_cast<uint32_t>(block.lowest_stack);
  if (lowest >= stack_lowest_) return;
  stack_lowest_ = lowest;
  if (request_.stack && lowest < request_.stack->base)
    throw SimError("stack_overflow", fmt::format("the stack pointer sinks to {:#x}, the stack ends at {:#x}", lowest, request_.stack->base),
                   block.begin);
}

void BlockCounter::on_load(uint32_t address, uint32_t bytes) {
  if (Flash *flash = flash_at(address); flash && flash->region().contains(address, bytes))
    add({0, 0, flash->load(address, bytes)});
}

void BlockCounter::on_unaligned(uint32_t parts) { add({0, 0, uint64_t{costs_.unaligned_part} * parts}); }

bool BlockCounter::needs_alignment(uint32_t instruction) const {
  const auto &aligned_only = previous_->block.aligned_only;
  return std::binary_search(aligned_only.begin(), aligned_only.end(), instruction);
}

Flash *BlockCounter::flash_at(uint32_t address) {
  for (Flash &flash : flashes_) {
    if (flash.region().contains(address, 1)) return &flash;
  }
  return nullptr;
}

SampleCounts BlockCounter::finish(uint32_t to, bool is_wide) {
  if (previous_ && previous_->block.end != to) {
    const uint32_t cycles = previous_->block.taken_cycles + (is_wide && (to & 2) ? costs_.taken_unaligned : 0);
    add({0, cycles, cycles});
  }
  return finish();
}

SampleCounts BlockCounter::finish() {
  counts_.stack = stack_start_ - stack_lowest_;
  return std::move(counts_);
}

}  // namespace whit::sims
