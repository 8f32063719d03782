// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the core: which extensions it has, what its instructions cost. Unicorn executes them all by one model with
// everything; what this core lacks is found in the code.
#include "bench/sims/riscv/riscv.hpp"

#include <fmt/format.h>

#include <array>
#include <map>

#include "bench/sims/protocol/fields.hpp"
#include "bench/sims/timing/riscv.hpp"
#include "bench/sims/unicorn/engine.hpp"
#include "bench/sims/unicorn/unicorn_chip.hpp"

namespace whit::sims {
namespace {

RiscvFeatures read_features(Fields &fields) {
  RiscvFeatures features;
  const std::map<std::string, bool *> known = {{"multiply", &features.multiply}, {"atomic", &features.atomic},
                                               {"compressed", &features.compressed}, {"embedded", &features.embedded}};
  for (const nlohmann::json &name : fields.list("features")) {
    const auto found = name.is_string() ? known.find(name.get<std::string>()) : known.end();
    if (found == known.end()) throw SimError("bad_request", "`core.features` may list multiply, atomic, compressed and embedded");
    *found->second = true;
  }
  return features;
}

constexpr std::array<int, 31> registers = [] {
  std::array<int, 31> names{};
  for (size_t i = 0; i < names.size(); ++i) names[i] = UC_RISCV_REG_X1 + static_cast<int>(i);
  return names;
}();

// Numbers of the privileged specification's exceptions, which Unicorn hands on.
SimError exception_error(uint32_t number, uint32_t pc) {
  switch (number) {
    case 0: case 4: case 6: return {"misaligned_access", "unaligned data", pc};
    case 2: return {"illegal_instruction", "an instruction that the core lacks", pc};
    default: return {"exception", fmt::format("an exception (number {}) that nothing handles", number), pc};
  }
}

// Everything from the firmware's first instruction on is the firmware's business.
void reset(Engine &engine, MemoryMap &, uint32_t start) { engine.write(UC_RISCV_REG_PC, start); }

}  // namespace

std::unique_ptr<Chip> make_riscv(const Request &request) {
  Fields fields(request.core, "core");
  Machine machine{.architecture = UC_ARCH_RISCV, .mode = UC_MODE_RISCV32, .model = UC_CPU_RISCV32_SIFIVE_E31, .registers = registers,
                  .pc = UC_RISCV_REG_PC, .sp = UC_RISCV_REG_SP, .link = UC_RISCV_REG_RA, .exception = exception_error, .reset = reset};
  const RiscvFeatures features = read_features(fields);
  machine.costs = costs_of(fields.text("family"), fields.has("costs") ? fields.any("costs") : nlohmann::json());
  fields.finish();
  machine.block = [costs = machine.costs, features](std::span<const uint8_t> code, uint32_t address) {
    return make_block(decode_riscv(code, address, features), address, address + static_cast<uint32_t>(code.size()), costs);
  };
  return make_unicorn_chip(request, std::move(machine));
}

}  // namespace whit::sims
