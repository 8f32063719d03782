// SPDX-License-Identifier: GPL-2.0-or-later
// The code as words, since nothing here can assemble it; the test does and compares. In the assembler's language:
//
//   000  b.n start
//   080  vectors: 16 times the address of trap
//   0c0  trap: ldr r0, =0xE000ED28; ldr r1, [r0] (CFSR); ldr r2, [r0, #12] (MMFAR); ldr r3, [r0, #16] (BFAR); mov r4, sp; b.n report
//   0d0  report: b.n report
//   0d4  start: adr r0, list
//   0d6  1: ldr r1, [r0]; ldr r2, [r0, #4]; adds r0, #8; cbz r1, 2f; str r2, [r1]; b.n 1b
//   0e2  2: dsb; isb; ldr r1, [r0]; mov sp, r1; movs r1, #0; mvns r3, r1; mov lr, r3; ldr r3, [r0, #4]; movs r0, #0; movs r2, #0; bx r3
//   0fc  list: pairs of register and value, two zeros, stack pointer, entry
#include "bench/sims/cortex_m55/bootstrap.hpp"

#include <fmt/format.h>

#include <array>

namespace whit::sims {
namespace {

constexpr uint32_t vector_table = 0x80, trap_handler = 0xC0;
constexpr std::array<uint32_t, 15> code = {0x68014802, 0x690368C2, 0xE001466C, 0xE000ED28, 0xBF00E7FE, 0x6801A009, 0x30086842, 0x600AB109,
                                           0xF3BFE7F9, 0xF3BF8F4F, 0x68018F6F, 0x2100468D, 0x469E43CB, 0x20006843, 0x47182200};

// Armv8-M system registers.
constexpr uint32_t VTOR = 0xE000ED08, CPACR = 0xE000ED88, MPU_CTRL = 0xE000ED94, MPU_RNR = 0xE000ED98, MPU_RBAR = 0xE000ED9C,
                   MPU_RLAR = 0xE000EDA0, MPU_MAIR0 = 0xE000EDC0;
constexpr uint32_t most_regions = 16;

enum class Access : uint32_t { read_write = 1, read_only = 3 };

class ProtectionList {
 public:
  void add(uint32_t base, uint32_t bytes, Access access, bool is_device) {
    if (count_ == most_regions) throw SimError("bad_request", fmt::format("`memory` has more regions than the {} that this core can tell apart", most_regions));
    const uint32_t last = base + (bytes - 1);
    set(MPU_RNR, count_++);
    set(MPU_RBAR, (base & ~31u) | static_cast<uint32_t>(access) << 1 | (is_device ? 1 : 0));
    set(MPU_RLAR, (last & ~31u) | (is_device ? 1u << 1 : 0) | 1);
  }
  void set(uint32_t reg, uint32_t value) { words_.insert(words_.end(), {reg, value}); }
  const std::vector<uint32_t> &words() const { return words_; }

 private:
  std::vector<uint32_t> words_;
  uint32_t count_ = 0;
};

std::vector<uint32_t> register_list(const Request &request) {
  ProtectionList list;
  list.set(VTOR, bootstrap_base + vector_table);
  list.set(CPACR, 0x00F00000);
  list.set(MPU_MAIR0, 0x0044);  // 0: plain memory, 1: device
  list.add(bootstrap_base, bootstrap_bytes, Access::read_only, false);
  for (const Region &region : request.memory)
    list.add(region.base, region.size, region.kind == RegionKind::flash ? Access::read_only : Access::read_write, false);
  if (request.peripherals) list.add(0x40000000, 0x20000000, Access::read_write, true);
  list.set(MPU_CTRL, 1);
  return list.words();
}

bool in_flash(const Request &request, uint32_t address) {
  for (const Region &region : request.memory)
    if (region.kind == RegionKind::flash && region.contains(address, 1)) return true;
  return false;
}

SimError memory_fault(const Trap &trap, const Request &request) {
  if ((trap.fault_status & 0x80) == 0) return {"unmapped_access", "accesses or stacks registers where there is no memory", trap.pc};
  if (in_flash(request, trap.memory_fault)) return {"write_to_flash", fmt::format("writes to flash at {:#x}", trap.memory_fault), trap.pc};
  return {"unmapped_access", fmt::format("accesses {:#x}, where there is no memory", trap.memory_fault), trap.pc};
}

}  // namespace

std::vector<uint32_t> bootstrap_page(const Request &request, uint32_t stack, uint32_t entry) {
  std::vector<uint32_t> page(trap_handler / 4, 0);
  page[0] = bootstrap_start;
  for (uint32_t i = vector_table / 4; i < trap_handler / 4; ++i) page[i] = bootstrap_base + trap_handler + 1;
  page.insert(page.end(), code.begin(), code.end());
  const std::vector<uint32_t> list = register_list(request);
  page.insert(page.end(), list.begin(), list.end());
  page.insert(page.end(), {0, 0, stack, entry});
  return page;
}

// Bits of the fault status: Armv8-M architecture reference manual, CFSR.
SimError trap_error(const Trap &trap, const Request &request) {
  const auto has = [&](int bit) { return (trap.fault_status >> bit & 1) != 0; };
  if (has(16) || has(19)) return {"illegal_instruction", "an instruction that the core lacks", trap.pc};
  if (has(17)) return {"illegal_instruction", "a branch out of Thumb state", trap.pc};
  if (has(24)) return {"misaligned_access", "an instruction that needs aligned data accesses unaligned data", trap.pc};
  if (has(0)) return {"unmapped_access", fmt::format("runs into {:#x}, where there is no memory", trap.pc.value_or(0)), trap.pc};
  if (has(1) || has(4)) return memory_fault(trap, request);
  if (has(15)) return {"unmapped_access", fmt::format("accesses {:#x}, where there is no memory", trap.bus_fault), trap.pc};
  if (has(8) || has(9) || has(10)) return {"unmapped_access", "accesses a place where there is no memory", trap.pc};
  return {"exception", fmt::format("an exception (number {}, fault status {:#x}) that nothing handles", trap.exception, trap.fault_status), trap.pc};
}

}  // namespace whit::sims
