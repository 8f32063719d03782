// SPDX-License-Identifier: GPL-2.0-or-later
// Wraps Unicorn.
#include "bench/sims/unicorn/engine.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace whit::sims {
namespace {

SimError memory_error(uc_mem_type type, uint64_t address, int size, uint32_t pc) {
  switch (type) {
    case UC_MEM_WRITE_PROT:
      return {"write_to_flash", fmt::format("writes {} bytes to flash at {:#x}", size, address), pc};
    case UC_MEM_FETCH_UNMAPPED: case UC_MEM_FETCH_PROT:
      return {"unmapped_access", fmt::format("runs into {:#x}, where there is no memory", address), pc};
    case UC_MEM_WRITE_UNMAPPED:
      return {"unmapped_access", fmt::format("writes {} bytes at {:#x}, where there is no memory", size, address), pc};
    default:
      return {"unmapped_access", fmt::format("reads {} bytes at {:#x}, where there is no memory", size, address), pc};
  }
}

// Unicorn hands on the offset in the mapped space; a word's registers are the same by offset as by address.
uint64_t read_peripheral(uc_engine *, uint64_t offset, unsigned size, void *peripherals) {
  return static_cast<Peripherals *>(peripherals)->read(static_cast<uint32_t>(offset), size);
}

void write_peripheral(uc_engine *, uint64_t offset, unsigned size, uint64_t value, void *peripherals) {
  static_cast<Peripherals *>(peripherals)->write(static_cast<uint32_t>(offset), size, static_cast<uint32_t>(value));
}

}  // namespace

Engine::Engine(const Machine &machine, MemoryMap &memory, MemoryMap &system_space) : machine_(machine) {
  check(uc_open(machine.architecture, machine.mode, &uc_), "open");
  check(uc_ctl_set_cpu_model(uc_, machine.model), "set the core's model");
  map(memory, UC_PROT_EXEC);
  map(system_space, UC_PROT_NONE);
  add_hook(UC_HOOK_MEM_INVALID, reinterpret_cast<void *>(on_invalid_memory), this);
  add_hook(UC_HOOK_INTR, reinterpret_cast<void *>(on_exception), this);
}

Engine::~Engine() { uc_close(uc_); }

void Engine::check(uc_err error, const char *what) const {
  if (error != UC_ERR_OK) throw std::runtime_error(fmt::format("Unicorn cannot {}: {}", what, uc_strerror(error)));
}

void Engine::map(MemoryMap &memory, uint32_t more_permissions) {
  for (const MemoryMap::Bank &bank : memory.banks()) {
    const uint32_t data = bank.region.kind == RegionKind::flash ? UC_PROT_READ : UC_PROT_READ | UC_PROT_WRITE;
    check(uc_mem_map_ptr(uc_, bank.region.base, bank.allocated, data | more_permissions, bank.bytes.get()), "map a memory region");
  }
}

void Engine::attach(Peripherals &peripherals) {
  map_registers(machine_.peripheral_base, machine_.peripheral_bytes, read_peripheral, write_peripheral, &peripherals);
}

void Engine::add_hook(int type, void *callback, void *user) {
  uc_hook hook;
  check(uc_hook_add(uc_, &hook, type, callback, user, uint64_t{1}, uint64_t{0}), "add a hook");
}

uint32_t Engine::read(int reg) const {
  uint32_t value = 0;
  uc_reg_read(uc_, reg, &value);
  return value;
}

void Engine::write(int reg, uint32_t value) { uc_reg_write(uc_, reg, &value); }

Registers Engine::registers() const {
  Registers registers;
  for (const int reg : machine_.registers) registers.plain.push_back(read(reg));
  for (const int reg : machine_.wide_registers) uc_reg_read(uc_, reg, &registers.wide.emplace_back());
  registers.pc = pc();
  return registers;
}

void Engine::set_registers(const Registers &registers) {
  for (size_t i = 0; i < registers.plain.size(); ++i) write(machine_.registers[i], registers.plain[i]);
  for (size_t i = 0; i < registers.wide.size(); ++i) uc_reg_write(uc_, machine_.wide_registers[i], &registers.wide[i]);
  write(machine_.pc, registers.pc | machine_.code_bit);
}

void Engine::run_to(uint32_t address) {
  if (pc() == address) return;
  // Unicorn looks for the end address when it translates; a translation from an earlier run knows nothing of it.
  check(uc_ctl_remove_cache(uc_, uint64_t{address}, uint64_t{address} + 2), "drop a translation");
  const uc_err error = uc_emu_start(uc_, pc() | machine_.code_bit, address, 0, 0);
  if (failure_) std::rethrow_exception(failure_);
  if (error == UC_ERR_INSN_INVALID) throw SimError("illegal_instruction", "an instruction that the core lacks", pc());
  if (error != UC_ERR_OK) throw SimError("exception", uc_strerror(error), pc());
  if (pc() != address && !std::exchange(is_stopped_, false)) throw SimError("exception", "the core halted", pc());
}

void Engine::run_on() {
  const uc_err error = uc_emu_start(uc_, pc() | machine_.code_bit, UINT32_MAX - 1, 0, 0);
  if (failure_) std::rethrow_exception(failure_);
  if (error != UC_ERR_OK) throw SimError("exception", uc_strerror(error), pc());
  is_stopped_ = false;
}

void Engine::stop() {
  is_stopped_ = true;
  uc_emu_stop(uc_);
}

void Engine::map_registers(uint32_t base, uint32_t bytes, ReadRegister on_read, WriteRegister on_write, void *user) {
  check(uc_mmio_map(uc_, base, bytes, on_read, user, on_write, user), "map registers");
}

void Engine::alias(uint32_t base, std::span<uint8_t> bytes) {
  check(uc_mem_map_ptr(uc_, base, bytes.size(), UC_PROT_READ | UC_PROT_EXEC, bytes.data()), "map memory a second time");
}

void Engine::fail(std::exception_ptr error) {
  if (!failure_) failure_ = std::move(error);
  uc_emu_stop(uc_);
}

bool Engine::on_invalid_memory(uc_engine *, uc_mem_type type, uint64_t address, int size, int64_t, void *user) {
  auto &engine = *static_cast<Engine *>(user);
  engine.fail(std::make_exception_ptr(memory_error(type, address, size, engine.pc())));
  return false;
}

void Engine::on_exception(uc_engine *, uint32_t number, void *user) {
  auto &engine = *static_cast<Engine *>(user);
  engine.fail(std::make_exception_ptr(engine.machine_.exception(number, engine.pc())));
}

}  // namespace whit::sims
