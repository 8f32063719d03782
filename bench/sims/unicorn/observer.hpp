// SPDX-License-Identifier: GPL-2.0-or-later
// Counts what an engine executes: a hook at each basic block adds the block's cost, a hook at each data access adds
// flash stalls and catches unaligned data.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "bench/sims/unicorn/machine.hpp"
#include "bench/sims/unicorn/engine.hpp"
#include "bench/sims/protocol/chip.hpp"
#include "bench/sims/protocol/request.hpp"
#include "bench/sims/timing/block.hpp"
#include "bench/sims/timing/flash.hpp"

namespace whit::sims {

class Observer {
 public:
  // All of these must outlive the observer. Adds its hooks to `engine`.
  Observer(Engine &engine, MemoryMap &memory, const Machine &machine, const Request &request);

  // Runs from where the engine stands until `to`, with cold flash buffers. Takes what it counts off `allowance`.
  SampleCounts run(uint32_t to, uint64_t &allowance, const Chip::MarkerCallback &on_marker);

  // The same from where the engine stands until a hook stops it, without markers.
  SampleCounts run_on(uint64_t &allowance);

 private:
  struct Prediction {
    uint32_t target = 0;
    bool is_sure = false;  // it went there last
  };

  struct Tail {  // mapped, since the emulator maps whole pages, but no memory of the chip
    uint32_t begin, end;
  };

  struct KnownBlock {
    Block block;
    Flash *flash = nullptr;         // that the code lies in, if it has wait states
    std::optional<size_t> marker;   // at its first instruction
    size_t function = 0;            // that its first instruction lies in, if asked to profile
    uint64_t held_at = UINT64_MAX;  // the flash's fetch sequence when all granules were last seen held
    Prediction *prediction = nullptr;  // of the branch at its end, if the core predicts
  };

  static void block_hook(uc_engine *, uint64_t address, uint32_t size, void *user);
  static void instruction_hook(uc_engine *, uint64_t address, uint32_t size, void *user);
  static void memory_hook(uc_engine *, uc_mem_type type, uint64_t address, int size, int64_t, void *user);

  void begin(uint32_t to, uint64_t &allowance, const Chip::MarkerCallback &on_marker);
  void on_block(uint32_t address, uint32_t size);
  void on_memory(bool is_write, uint32_t address, uint32_t bytes);
  KnownBlock &block_at(uint32_t address, uint32_t size);
  KnownBlock make_known(uint32_t address, uint32_t size);
  static bool surprises(Prediction &prediction, uint32_t to);
  uint32_t loop_cycles(const Block &from, const Block &next);
  int32_t entry_cycles(const KnownBlock &next);
  void count(KnownBlock &known);
  void add(const Counts &counts);
  uint32_t fetch_stalls(KnownBlock &known);
  void watch_stack(const Block &block);
  void on_unaligned(uint32_t address, uint32_t bytes);
  Flash *flash_at(uint32_t address);
  void finish(uint32_t to);

  Engine &engine_;
  MemoryMap &memory_;
  const Machine &machine_;
  const Request &request_;
  std::unordered_map<uint32_t, size_t> markers_;
  std::unordered_map<uint32_t, std::unique_ptr<KnownBlock>> blocks_;
  std::unordered_map<uint32_t, Prediction> predictions_;  // by the branch's address
  std::vector<KnownBlock *> recent_;  // a small direct-mapped cache before blocks_
  std::vector<Flash> flashes_;
  std::vector<Tail> tails_;

  // Of the run in progress.
  const Chip::MarkerCallback *on_marker_ = nullptr;
  uint64_t *allowance_ = nullptr;
  uint32_t to_ = 0;
  SampleCounts counts_;
  Counts *current_ = nullptr;
  Counts *function_ = nullptr;  // null without a profile
  KnownBlock *previous_ = nullptr;
  std::optional<uint32_t> remembered_loop_;  // the address of its branch, if the core remembers
  uint32_t pc_ = 0;
  uint32_t stack_start_ = 0;
  uint32_t stack_lowest_ = 0;
};

}  // namespace whit::sims
