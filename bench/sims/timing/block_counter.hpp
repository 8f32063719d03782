// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// Counts a measured run from the basic blocks and data accesses that an emulator reports: each block adds its fixed cost,
// what depends on the run is how the block was entered, and flash. Knows no emulator.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "bench/sims/protocol/chip.hpp"
#include "bench/sims/protocol/request.hpp"
#include "bench/sims/timing/block.hpp"
#include "bench/sims/timing/costs.hpp"
#include "bench/sims/timing/flash.hpp"

namespace whit::sims {

class BlockCounter {
 public:
  using BlockMaker = std::function<Block(uint32_t address, uint32_t size)>;

  // `request` and `costs` must outlive the counter.
  BlockCounter(const Request &request, const Costs &costs, BlockMaker make_block);

  // A new run, with cold flash buffers. Takes what it counts off `allowance`.
  void begin(uint32_t stack, uint64_t &allowance, const Chip::MarkerCallback &on_marker);

  // A block is about to run, with the stack pointer at `stack`. Throws SimError: `illegal_instruction`, `stack_overflow`,
  // `instruction_limit`.
  void on_block(uint32_t address, uint32_t size, uint32_t stack);

  // The block now running loads from memory, or accesses data in `parts` more pieces than it would if it were aligned.
  void on_load(uint32_t address, uint32_t bytes);
  void on_unaligned(uint32_t parts);
  // Whether the instruction, one of the block now running, faults on unaligned data.
  bool needs_alignment(uint32_t instruction) const;

  // The run ended on arrival at `to`, where an instruction of 32 bits begins or not. The branch there counts, too.
  SampleCounts finish(uint32_t to, bool is_wide);
  // The run was stopped somewhere.
  SampleCounts finish();

 private:
  struct Prediction {
    uint32_t target = 0;
    bool is_sure = false;  // it went there last
  };

  struct KnownBlock {
    Block block;
    Flash *flash = nullptr;         // that the code lies in, if it has wait states
    std::optional<size_t> marker;   // at its first instruction
    size_t function = 0;            // that its first instruction lies in, if asked to profile
    uint64_t held_at = UINT64_MAX;  // the flash's fetch sequence when all granules were last seen held
    Prediction *prediction = nullptr;  // of the branch at its end, if the core predicts
  };

  KnownBlock &block_at(uint32_t address, uint32_t size);
  KnownBlock make_known(uint32_t address, uint32_t size);
  static bool surprises(Prediction &prediction, uint32_t to);
  int32_t entry_cycles(const KnownBlock &next);
  uint32_t loop_cycles(const Block &from, const Block &next);
  int32_t overlap_cycles(const Block &from, const KnownBlock &next);
  void count(KnownBlock &known);
  void add(const Counts &counts);
  uint32_t fetch_stalls(KnownBlock &known);
  void watch_stack(const Block &block, uint32_t stack);
  Flash *flash_at(uint32_t address);

  const Request &request_;
  const Costs &costs_;
  BlockMaker make_block_;
  std::unordered_map<uint32_t, size_t> markers_;
  std::unordered_map<uint32_t, std::unique_ptr<KnownBlock>> blocks_;
  std::unordered_map<uint32_t, Prediction> predictions_;  // by the branch's address
  std::optional<uint32_t> remembered_loop_;  // address of the backward branch that is expected to be taken
  std::unordered_map<uint64_t, int32_t> overlaps_;  // by the beginnings of two blocks
  std::vector<KnownBlock *> recent_;  // a small direct-mapped cache before blocks_
  std::vector<Flash> flashes_;

  // Of the run in progress.
  const Chip::MarkerCallback *on_marker_ = nullptr;
  uint64_t *allowance_ = nullptr;
  SampleCounts counts_;
  Counts *current_ = nullptr;
  Counts *function_ = nullptr;  // null without a profile
  KnownBlock *previous_ = nullptr;
  uint32_t stack_start_ = 0;
  uint32_t stack_lowest_ = 0;
};

}  // namespace whit::sims
