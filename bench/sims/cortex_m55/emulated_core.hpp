// SPDX-License-Identifier: GPL-2.0-or-later
// The core inside QEMU, seen from the plugin: QEMU's thread reports each block before it runs; where the loop over
// samples wants to have a say, that thread stands still and the loop's thread goes on.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "bench/sims/cortex_m55/bootstrap.hpp"
#include "bench/sims/cortex_m55/handoff.hpp"
#include "bench/sims/cortex_m55/plugin_api.hpp"
#include "bench/sims/timing/block_counter.hpp"

namespace whit::sims {

// Numbers of the registers in QEMU's debugger interface.
enum class CoreRegister : int { r1 = 1, r2 = 2, r3 = 3, r4 = 4, sp = 13, link = 14, status = 25 };

// A block as QEMU translated it; it lives as long as QEMU may run it.
struct TranslatedBlock {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t instructions = 0;
};

class EmulatedCore {
 public:
  // QEMU's thread.
  void before_block(const TranslatedBlock &block);
  void on_access(bool is_store, uint32_t address, uint32_t bytes);
  void on_element(uint32_t address, uint32_t bytes, uint32_t pc);  // of a vector that must lie aligned
  void on_idle();
  // Whether the accesses of firmware yet to be translated are wanted.
  bool watches_data() const { return watches_data_; }

  // The loop's thread. Waits for the first block, whichever it is.
  void wait_for_power() { handoff_.wait(); }
  // The bytes behind a region of the emulated memory. Throws `bad_request` where there is none.
  std::span<uint8_t> map(const Region &region);
  // What faults are judged by, and whether on_access() is wanted. `request` must outlive the core.
  void obey(const Request &request, bool watches_data);
  uint32_t read(CoreRegister reg) const;
  // Runs until the program counter is `address`; what the core does then is reported to `counter`, if there is one.
  void run_to(uint32_t address, BlockCounter *counter);
  void allow(uint64_t instructions) { allowance_ = instructions; }
  uint64_t &allowance() { return allowance_; }
  uint32_t pc() const { return pc_; }

 private:
  void stand_still(uint32_t address);
  void charge(const TranslatedBlock &block);
  void fail(std::exception_ptr error);
  Trap trap() const;
  // Null where no mapped region holds all of it.
  const uint8_t *memory(uint32_t address, uint32_t bytes) const;

  Handoff handoff_;
  const Request *request_ = nullptr;
  std::vector<std::pair<uint32_t, std::span<uint8_t>>> mapped_;  // by begin
  BlockCounter *counter_ = nullptr;                              // of the measured run in progress
  std::optional<uint32_t> target_;
  std::exception_ptr failure_;
  uint64_t allowance_ = 0;
  uint32_t pc_ = 0;
  bool is_powered_ = false;
  bool watches_data_ = false;
};

}  // namespace whit::sims
