// SPDX-License-Identifier: GPL-2.0-or-later
// What one core is to the emulation: how Unicorn runs it, what its blocks cost, how it starts.
#pragma once

#include <unicorn/unicorn.h>

#include <cstdint>
#include <functional>
#include <span>

#include "bench/sims/protocol/error.hpp"
#include "bench/sims/protocol/memory_map.hpp"
#include "bench/sims/timing/block.hpp"
#include "bench/sims/timing/costs.hpp"

namespace whit::sims {

class Engine;

struct Machine {
  uc_arch architecture{};
  uc_mode mode{};
  int model = 0;                             // UC_CPU_...
  std::span<const int> registers{};          // of 32 bits that a function call can depend on, the program counter excepted
  std::span<const int> wide_registers{};     // of 64 bits
  int pc = 0, sp = 0, link = 0;              // Unicorn's names of the registers
  uint32_t code_bit = 0;                     // set in addresses of code that the emulator is given
  uint32_t system_base = 0;                  // peripherals of the core itself, as plain memory
  uint32_t system_bytes = 0;                 // 0: none
  uint32_t peripheral_base = 0;              // where the architecture places the chip's peripherals
  uint32_t peripheral_bytes = 0;             // 0: anywhere
  bool unaligned_data = false;               // single loads and stores may be unaligned
  Costs costs{};
  std::function<Block(std::span<const uint8_t> code, uint32_t address)> block{};
  SimError (*exception)(uint32_t number, uint32_t pc) = nullptr;
  // Sets the registers as a reset does; `start` is where the firmware begins.
  void (*reset)(Engine &engine, MemoryMap &memory, uint32_t start) = nullptr;
};

}  // namespace whit::sims
