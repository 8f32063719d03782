// SPDX-License-Identifier: GPL-2.0-or-later
// Wraps Unicorn. Mind: UC_MODE_MCLASS would force a Cortex-M33 whatever model is set; plain UC_MODE_THUMB with a
// Cortex-M model is a Cortex-M that faults where the silicon does.
#include "bench/sims/cortex_m/engine.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace whit::sims {
namespace {

constexpr uint64_t system_base = 0xE0000000;

constexpr std::array<int, 16> core_registers = {UC_ARM_REG_R0,  UC_ARM_REG_R1,  UC_ARM_REG_R2, UC_ARM_REG_R3, UC_ARM_REG_R4,
                                                UC_ARM_REG_R5,  UC_ARM_REG_R6,  UC_ARM_REG_R7, UC_ARM_REG_R8, UC_ARM_REG_R9,
                                                UC_ARM_REG_R10, UC_ARM_REG_R11, UC_ARM_REG_R12, UC_ARM_REG_SP, UC_ARM_REG_LR,
                                                UC_ARM_REG_PC};

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

// Numbers of QEMU's ARM exceptions, which Unicorn hands on.
SimError exception_error(uint32_t number, uint32_t pc) {
  switch (number) {
    case 1: return {"illegal_instruction", "an instruction that the core lacks", pc};
    case 4: return {"misaligned_access", "unaligned data", pc};
    case 17: return {"illegal_instruction", "a floating-point instruction on a core without the unit", pc};
    case 18: return {"illegal_instruction", "a branch out of Thumb state", pc};
    default: return {"exception", fmt::format("an exception (number {}) that nothing handles", number), pc};
  }
}

}  // namespace

Engine::Engine(int unicorn_model, MemoryMap &memory, std::span<uint8_t> system_space) {
  check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &uc_), "open");
  check(uc_ctl_set_cpu_model(uc_, unicorn_model), "set the core's model");
  map(memory, system_space);
  add_hook(UC_HOOK_MEM_INVALID, reinterpret_cast<void *>(on_invalid_memory), this);
  add_hook(UC_HOOK_INTR, reinterpret_cast<void *>(on_exception), this);
}

Engine::~Engine() { uc_close(uc_); }

void Engine::check(uc_err error, const char *what) const {
  if (error != UC_ERR_OK) throw std::runtime_error(fmt::format("Unicorn cannot {}: {}", what, uc_strerror(error)));
}

void Engine::map(MemoryMap &memory, std::span<uint8_t> system_space) {
  for (const MemoryMap::Bank &bank : memory.banks()) {
    const uint32_t permissions = bank.region.kind == RegionKind::flash ? UC_PROT_READ | UC_PROT_EXEC : UC_PROT_ALL;
    check(uc_mem_map_ptr(uc_, bank.region.base, bank.region.size, permissions, bank.bytes.get()), "map a memory region");
  }
  check(uc_mem_map_ptr(uc_, system_base, system_space.size(), UC_PROT_READ | UC_PROT_WRITE, system_space.data()),
        "map the system space");
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
  for (size_t i = 0; i < core_registers.size(); ++i) registers.core[i] = read(core_registers[i]);
  registers.status = read(UC_ARM_REG_CPSR);
  registers.floating_status = read(UC_ARM_REG_FPSCR);
  for (int i = 0; i < 16; ++i) uc_reg_read(uc_, UC_ARM_REG_D0 + i, &registers.floating[static_cast<size_t>(i)]);
  return registers;
}

void Engine::set_registers(const Registers &registers) {
  write(UC_ARM_REG_CPSR, registers.status);
  for (size_t i = 0; i + 1 < core_registers.size(); ++i) write(core_registers[i], registers.core[i]);
  write(UC_ARM_REG_PC, registers.core[15] | 1);
  write(UC_ARM_REG_FPSCR, registers.floating_status);
  for (int i = 0; i < 16; ++i) uc_reg_write(uc_, UC_ARM_REG_D0 + i, &registers.floating[static_cast<size_t>(i)]);
}

void Engine::run_to(uint32_t address) {
  if (pc() == address) return;
  // Unicorn looks for the end address when it translates; a translation from an earlier run knows nothing of it.
  check(uc_ctl_remove_cache(uc_, uint64_t{address}, uint64_t{address} + 2), "drop a translation");
  const uc_err error = uc_emu_start(uc_, pc() | 1, address, 0, 0);
  if (failure_) std::rethrow_exception(failure_);
  if (error == UC_ERR_INSN_INVALID) throw SimError("illegal_instruction", "an instruction that the core lacks", pc());
  if (error != UC_ERR_OK) throw SimError("exception", uc_strerror(error), pc());
  if (pc() != address) throw SimError("exception", "the core halted", pc());
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
  engine.fail(std::make_exception_ptr(exception_error(number, engine.pc())));
}

}  // namespace whit::sims
