// SPDX-License-Identifier: GPL-2.0-or-later
// One Unicorn instance with the chip's memories mapped. It runs from address to address and turns whatever stops it
// on the way into a SimError.
#pragma once

#include <unicorn/unicorn.h>

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#include "bench/sims/protocol/error.hpp"
#include "bench/sims/protocol/memory_map.hpp"
#include "bench/sims/unicorn/machine.hpp"
#include "bench/sims/unicorn/peripherals.hpp"

namespace whit::sims {

// The machine's registers, in its order.
struct Registers {
  std::vector<uint32_t> plain;
  std::vector<uint64_t> wide;
  uint32_t pc = 0;
};

class Engine {
 public:
  // All of these must outlive the engine.
  Engine(const Machine &machine, MemoryMap &memory, MemoryMap &system_space);
  ~Engine();
  Engine(const Engine &) = delete;
  Engine &operator=(const Engine &) = delete;

  uint32_t read(int reg) const;
  void write(int reg, uint32_t value);
  Registers registers() const;
  void set_registers(const Registers &registers);

  // Lets `peripherals` answer at the machine's place for them; it must outlive the engine.
  void attach(Peripherals &peripherals);

  // Runs until the program counter is `address`, at once if it is already, or until a hook calls stop().
  void run_to(uint32_t address);

  // Runs from where it stands until a hook calls stop().
  void run_on();
  void stop();

  // Registers of peripherals, at multiples of 4096.
  using ReadRegister = uint64_t (*)(uc_engine *, uint64_t offset, unsigned size, void *user);
  using WriteRegister = void (*)(uc_engine *, uint64_t offset, unsigned size, uint64_t value, void *user);
  void map_registers(uint32_t base, uint32_t bytes, ReadRegister on_read, WriteRegister on_write, void *user);

  // `bytes` once more at `base`, readable and executable.
  void alias(uint32_t base, std::span<uint8_t> bytes);

  // For hooks: ends the run after the current block, and makes run_to() throw `error`.
  void fail(std::exception_ptr error);

  // Adds a hook of one of Unicorn's types; `callback` has the signature of that type and gets `user`.
  void add_hook(int type, void *callback, void *user);

  bool failed() const { return failure_ != nullptr; }
  uint32_t pc() const { return read(machine_.pc) & ~machine_.code_bit; }

 private:
  static bool on_invalid_memory(uc_engine *, uc_mem_type type, uint64_t address, int size, int64_t, void *user);
  static void on_exception(uc_engine *, uint32_t number, void *user);
  void map(MemoryMap &memory, uint32_t more_permissions);
  void check(uc_err error, const char *what) const;

  const Machine &machine_;
  uc_engine *uc_ = nullptr;
  std::exception_ptr failure_;
  bool is_stopped_ = false;
};

}  // namespace whit::sims
