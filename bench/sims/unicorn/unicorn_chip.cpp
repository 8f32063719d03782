// SPDX-License-Identifier: GPL-2.0-or-later
// Moves the core between the fast and the counting engine.
#include "bench/sims/unicorn/unicorn_chip.hpp"

#include <fmt/format.h>

#include <optional>

#include "bench/sims/unicorn/engine.hpp"
#include "bench/sims/unicorn/observer.hpp"
#include "bench/sims/protocol/memory_map.hpp"

namespace whit::sims {
namespace {

std::vector<Region> system_regions(const Machine &machine) {
  if (machine.system_bytes == 0) return {};
  return {{"system", RegionKind::ram, machine.system_base, machine.system_bytes}};
}

class UnicornChip : public Chip {
 public:
  UnicornChip(const Request &request, Machine machine)
      : request_(request),
        machine_(std::move(machine)),
        memory_(request.memory, request.image),
        system_space_(system_regions(machine_), ElfImage{}),
        fast_(machine_, memory_, system_space_),
        counting_(machine_, memory_, system_space_),
        observer_(counting_, memory_, machine_, request) {
    fast_.add_hook(UC_HOOK_BLOCK, reinterpret_cast<void *>(limit_hook), this);
    if (request.peripherals) attach_peripherals();
    machine_.reset(fast_, memory_, firmware_start(request));
  }

  std::span<uint8_t> memory(uint32_t address, uint32_t bytes) override { return memory_.at(address, bytes); }
  void allow(uint64_t instructions) override { allowance_ = instructions; }
  void run_to(uint32_t address) override { fast_.run_to(address); }

  SampleCounts measure(std::optional<uint32_t> to, const MarkerCallback &on_marker) override {
    counting_.set_registers(fast_.registers());
    const uint32_t end = to.value_or(counting_.read(machine_.link) & ~machine_.code_bit);
    SampleCounts counts = observer_.run(end, allowance_, on_marker);
    fast_.set_registers(counting_.registers());
    return counts;
  }

 private:
  // Uncounted code is held to the limit by the least number of instructions that a block of its size can have.
  static void limit_hook(uc_engine *, uint64_t address, uint32_t size, void *user) {
    auto &chip = *static_cast<UnicornChip *>(user);
    const uint64_t instructions = size / 4 + 1;
    if (chip.allowance_ >= instructions) {
      chip.allowance_ -= instructions;
    } else if (!chip.fast_.failed()) {
      chip.fast_.fail(std::make_exception_ptr(SimError(
          "instruction_limit", fmt::format("still running after the {} instructions allowed", chip.request_.instruction_limit),
          static_cast<uint32_t>(address))));
    }
  }

  void attach_peripherals() {
    if (machine_.peripheral_bytes == 0)
      throw SimError("bad_request", "`peripherals`: this core's peripherals have no place that all its chips share");
    for (const Region &region : request_.memory)
      if (region.base < uint64_t{machine_.peripheral_base} + machine_.peripheral_bytes && machine_.peripheral_base < uint64_t{region.base} + region.size)
        throw SimError("bad_request", fmt::format("region `{}` lies where the peripherals are", region.name));
    fast_.attach(peripherals_);
    counting_.attach(peripherals_);
  }

  const Request &request_;
  Machine machine_;
  MemoryMap memory_;
  MemoryMap system_space_;
  Peripherals peripherals_;
  Engine fast_;
  Engine counting_;
  Observer observer_;
  uint64_t allowance_ = 0;
};

}  // namespace

std::unique_ptr<Chip> make_unicorn_chip(const Request &request, Machine machine) {
  return std::make_unique<UnicornChip>(request, std::move(machine));
}

}  // namespace whit::sims
