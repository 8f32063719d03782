// SPDX-License-Identifier: GPL-2.0-or-later
// Reports to a BlockCounter what an engine executes: a hook at each basic block, a hook at each data access that also catches
// unaligned data.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/sims/unicorn/machine.hpp"
#include "bench/sims/unicorn/engine.hpp"
#include "bench/sims/protocol/chip.hpp"
#include "bench/sims/protocol/request.hpp"
#include "bench/sims/timing/block_counter.hpp"

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
  // What is mapped behind a region that does not end at a page's end.
  struct Tail {
    uint32_t begin = 0, end = 0;
  };

  static void block_hook(uc_engine *, uint64_t address, uint32_t size, void *user);
  static void instruction_hook(uc_engine *, uint64_t address, uint32_t size, void *user);
  static void memory_hook(uc_engine *, uc_mem_type type, uint64_t address, int size, int64_t, void *user);

  void begin(uint32_t to, uint64_t &allowance, const Chip::MarkerCallback &on_marker);
  void on_memory(bool is_write, uint32_t address, uint32_t bytes);
  void on_unaligned(uint32_t address, uint32_t bytes);

  Engine &engine_;
  MemoryMap &memory_;
  const Machine &machine_;
  BlockCounter counter_;
  std::vector<Tail> tails_;
  uint32_t to_ = 0;  // of the run in progress
  uint32_t pc_ = 0;
};

}  // namespace whit::sims
