// SPDX-License-Identifier: GPL-2.0-or-later
// Resets the core from its vector table and moves it between the fast and the counting engine.
#include "bench/sims/cortex_m/cortex_m.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "bench/sims/cortex_m/core.hpp"
#include "bench/sims/cortex_m/engine.hpp"
#include "bench/sims/cortex_m/observer.hpp"
#include "bench/sims/protocol/memory_map.hpp"

namespace whit::sims {
namespace {

constexpr size_t system_bytes = 0x100000;  // 0xE0000000: NVIC, SCB and so on, as plain memory

class CortexM : public Chip {
 public:
  explicit CortexM(const Request &request)
      : request_(request),
        core_(read_core(request.core)),
        memory_(request.memory, request.image),
        system_space_({{"system", RegionKind::ram, 0, system_bytes}}, ElfImage{}),
        fast_(core_.unicorn_model, memory_, system_space_.at(0, system_bytes)),
        counting_(core_.unicorn_model, memory_, system_space_.at(0, system_bytes)),
        observer_(counting_, memory_, core_, request) {
    fast_.add_hook(UC_HOOK_BLOCK, reinterpret_cast<void *>(limit_hook), this);
    reset();
  }

  std::span<uint8_t> memory(uint32_t address, uint32_t bytes) override { return memory_.at(address, bytes); }
  void allow(uint64_t instructions) override { allowance_ = instructions; }
  void run_to(uint32_t address) override { fast_.run_to(address); }

  SampleCounts measure(std::optional<uint32_t> to, const MarkerCallback &on_marker) override {
    counting_.set_registers(fast_.registers());
    const uint32_t end = to.value_or(counting_.read(UC_ARM_REG_LR) & ~1u);
    SampleCounts counts = observer_.run(end, allowance_, on_marker);
    fast_.set_registers(counting_.registers());
    return counts;
  }

 private:
  // Uncounted code is held to the limit by the least number of instructions that a block of its size can have.
  static void limit_hook(uc_engine *, uint64_t address, uint32_t size, void *user) {
    auto &chip = *static_cast<CortexM *>(user);
    const uint64_t instructions = size / 4 + 1;
    if (chip.allowance_ >= instructions) {
      chip.allowance_ -= instructions;
    } else if (!chip.fast_.failed()) {
      chip.fast_.fail(std::make_exception_ptr(SimError(
          "instruction_limit", fmt::format("still running after the {} instructions allowed", chip.request_.instruction_limit),
          static_cast<uint32_t>(address))));
    }
  }

  // Where the request says, else where the flash begins; where the firmware leaves that place to a boot loader, where its
  // lowest bytes in flash lie.
  uint32_t vector_table() const {
    if (request_.vectors) return *request_.vectors;
    const auto flash = std::find_if(request_.memory.begin(), request_.memory.end(),
                                    [](const Region &region) { return region.kind == RegionKind::flash; });
    if (flash == request_.memory.end()) throw SimError("bad_request", "`memory` has no region of kind \"flash\"");
    std::optional<uint32_t> lowest;
    for (const Segment &segment : request_.image.segments)
      if (flash->contains(segment.address, 1)) lowest = std::min(lowest.value_or(segment.address), segment.address);
    return lowest.value_or(flash->base);
  }

  void reset() {
    const uint32_t table = vector_table();
    const auto vectors = memory_.at(table, 8);
    const auto word = [&](size_t at) {
      return static_cast<uint32_t>(vectors[at] | vectors[at + 1] << 8 | vectors[at + 2] << 16) | uint32_t{vectors[at + 3]} << 24;
    };
    if (word(4) % 2 == 0)
      throw SimError("bad_firmware", fmt::format("no reset vector at {:#x}: it must be an address with its lowest bit set", uint64_t{table} + 4));
    fast_.write(UC_ARM_REG_SP, word(0));
    fast_.write(UC_ARM_REG_LR, 0xFFFFFFFF);
    fast_.write(UC_ARM_REG_PC, word(4));
  }

  const Request &request_;
  Core core_;
  MemoryMap memory_;
  MemoryMap system_space_;
  Engine fast_;
  Engine counting_;
  Observer observer_;
  uint64_t allowance_ = 0;
};

}  // namespace

std::unique_ptr<Chip> make_cortex_m(const Request &request) { return std::make_unique<CortexM>(request); }

}  // namespace whit::sims
