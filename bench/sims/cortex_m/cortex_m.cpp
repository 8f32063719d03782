// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the core: which Unicorn model executes, which instructions are legal, what they cost. Mind: UC_MODE_MCLASS
// would force a Cortex-M33 whatever model is set; plain UC_MODE_THUMB with a Cortex-M model is a Cortex-M that faults
// where the silicon does.
#include "bench/sims/cortex_m/cortex_m.hpp"

#include <fmt/format.h>

#include <array>
#include <map>

#include "bench/sims/protocol/error.hpp"
#include "bench/sims/protocol/fields.hpp"
#include "bench/sims/unicorn/engine.hpp"
#include "bench/sims/unicorn/unicorn_chip.hpp"

namespace whit::sims {
namespace {

int read_model(Fields &fields) {
  static const std::map<std::string, int> models = {{"cortex-m0", UC_CPU_ARM_CORTEX_M0},
                                                    {"cortex-m3", UC_CPU_ARM_CORTEX_M3},
                                                    {"cortex-m4", UC_CPU_ARM_CORTEX_M4},
                                                    {"cortex-m7", UC_CPU_ARM_CORTEX_M7},
                                                    {"cortex-m33", UC_CPU_ARM_CORTEX_M33}};
  const std::string name = fields.text("emulator");
  const auto found = models.find(name);
  if (found == models.end())
    throw SimError("bad_request", fmt::format("`core.emulator` is \"{}\"; known are cortex-m0, -m3, -m4, -m7, -m33", name));
  return found->second;
}

Features read_features(Fields &fields) {
  Features features;
  const std::map<std::string, bool *> known = {{"thumb2", &features.thumb2}, {"dsp", &features.dsp},
                                               {"fpu", &features.fpu},       {"fpu5", &features.fpu5},
                                               {"fpu_double", &features.fpu_double}, {"armv8m", &features.armv8m}};
  for (const nlohmann::json &name : fields.list("features")) {
    const auto found = name.is_string() ? known.find(name.get<std::string>()) : known.end();
    if (found == known.end()) throw SimError("bad_request", "`core.features` may list thumb2, armv8m, dsp, fpu, fpu5 and fpu_double");
    *found->second = true;
  }
  return features;
}

constexpr std::array<int, 17> registers = {UC_ARM_REG_CPSR, UC_ARM_REG_R0,  UC_ARM_REG_R1,  UC_ARM_REG_R2,  UC_ARM_REG_R3, UC_ARM_REG_R4,
                                           UC_ARM_REG_R5,   UC_ARM_REG_R6,  UC_ARM_REG_R7,  UC_ARM_REG_R8,  UC_ARM_REG_R9, UC_ARM_REG_R10,
                                           UC_ARM_REG_R11,  UC_ARM_REG_R12, UC_ARM_REG_SP,  UC_ARM_REG_LR,  UC_ARM_REG_FPSCR};
constexpr std::array<int, 16> wide_registers = {UC_ARM_REG_D0,  UC_ARM_REG_D1,  UC_ARM_REG_D2,  UC_ARM_REG_D3, UC_ARM_REG_D4,  UC_ARM_REG_D5,
                                                UC_ARM_REG_D6,  UC_ARM_REG_D7,  UC_ARM_REG_D8,  UC_ARM_REG_D9, UC_ARM_REG_D10, UC_ARM_REG_D11,
                                                UC_ARM_REG_D12, UC_ARM_REG_D13, UC_ARM_REG_D14, UC_ARM_REG_D15};

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

// Stack pointer and first instruction from the vector table.
void reset(Engine &engine, MemoryMap &memory, uint32_t table) {
  const auto vectors = memory.at(table, 8);
  const auto word = [&](size_t at) {
    return static_cast<uint32_t>(vectors[at] | vectors[at + 1] << 8 | vectors[at + 2] << 16) | uint32_t{vectors[at + 3]} << 24;
  };
  if (word(4) % 2 == 0)
    throw SimError("bad_firmware", fmt::format("no reset vector at {:#x}: it must be an address with its lowest bit set", uint64_t{table} + 4));
  engine.write(UC_ARM_REG_SP, word(0));
  engine.write(UC_ARM_REG_LR, 0xFFFFFFFF);
  engine.write(UC_ARM_REG_PC, word(4));
}

}  // namespace

Machine cortex_m_machine(const nlohmann::json &core) {
  Fields fields(core, "core");
  Machine machine{.architecture = UC_ARCH_ARM, .mode = UC_MODE_THUMB, .model = read_model(fields), .registers = registers,
                  .wide_registers = wide_registers, .pc = UC_ARM_REG_PC, .sp = UC_ARM_REG_SP, .link = UC_ARM_REG_LR, .code_bit = 1,
                  .system_base = 0xE0000000, .system_bytes = 0x100000, .peripheral_base = 0x40000000, .peripheral_bytes = 0x20000000,
                  .exception = exception_error, .reset = reset};
  const Features features = read_features(fields);
  machine.unaligned_data = features.thumb2;
  machine.costs = costs_of(fields.text("family"), fields.has("costs") ? fields.any("costs") : nlohmann::json());
  fields.finish();
  machine.block = [costs = machine.costs, features](std::span<const uint8_t> code, uint32_t address) {
    return make_block(code, address, costs, features);
  };
  return machine;
}

std::unique_ptr<Chip> make_cortex_m(const Request &request) { return make_unicorn_chip(request, cortex_m_machine(request.core)); }

}  // namespace whit::sims
