// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/sims/cortex_m55/cortex_m55.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "bench/sims/protocol/error.hpp"
#include "bench/sims/protocol/fields.hpp"
#include "bench/sims/protocol/memory_map.hpp"
#include "bench/sims/timing/block.hpp"

namespace whit::sims {
namespace {

// QEMU itself refuses what a Cortex-M55 lacks, so the decoder may know all that there is.
constexpr Features features = {.thumb2 = true, .dsp = true, .fpu = true, .fpu5 = true, .fpu_double = true, .armv8m = true, .mve = true};

Costs read_costs(const nlohmann::json &core) {
  Fields fields(core, "core");
  const Costs costs = costs_of(fields.text("family"), fields.has("costs") ? fields.any("costs") : nlohmann::json());
  fields.finish();
  return costs;
}

bool overlap(const Region &region, uint32_t base, uint64_t bytes) {
  return region.base < base + bytes && base < uint64_t{region.base} + region.size;
}

void check_regions(const Request &request) {
  for (const Region &region : request.memory) {
    if (overlap(region, bootstrap_base, bootstrap_bytes))
      throw SimError("bad_request", fmt::format("region `{}` takes the page at {:#x} that this simulator starts the core from", region.name, bootstrap_base));
    if (request.peripherals && overlap(region, 0x40000000, 0x20000000))
      throw SimError("bad_request", fmt::format("region `{}` lies where the peripherals are", region.name));
  }
}

bool has_wait_states(const Request &request) {
  return std::any_of(request.memory.begin(), request.memory.end(), [](const Region &region) { return region.wait_states != 0; });
}

class CortexM55 : public Chip {
 public:
  CortexM55(const Request &request, EmulatedCore &core)
      : request_(request), core_(core), costs_(read_costs(request.core)),
        memory_(request.memory, request.image, [&](const Region &region, uint64_t) { return emulated(region); }),
        counter_(request, costs_, [this](uint32_t address, uint32_t size) { return make_block(memory_.at(address, size), address, costs_, features); }) {
    check_regions(request);
    core_.obey(request, has_wait_states(request));
    start();
  }

  std::span<uint8_t> memory(uint32_t address, uint32_t bytes) override { return memory_.at(address, bytes); }
  void allow(uint64_t instructions) override { core_.allow(instructions); }
  void run_to(uint32_t address) override { core_.run_to(address, nullptr); }

  SampleCounts measure(std::optional<uint32_t> to, const MarkerCallback &on_marker) override {
    const uint32_t end = to.value_or(core_.read(CoreRegister::link) & ~1u);
    counter_.begin(core_.read(CoreRegister::sp), core_.allowance(), on_marker);
    core_.run_to(end, &counter_);
    return counter_.finish(end, is_wide(end));
  }

 private:
  MemoryMap::Bytes emulated(const Region &region) { return {core_.map(region).data(), [](void *) {}}; }

  bool is_wide(uint32_t address) { return (memory_.at(address, 2)[1] & 0xF8) >= 0xE8; }

  uint32_t word(uint32_t address) {
    uint32_t value;
    std::memcpy(&value, memory_.at(address, 4).data(), 4);
    return value;
  }

  void start() {
    const uint32_t table = firmware_start(request_);
    if (word(table + 4) % 2 == 0)
      throw SimError("bad_firmware", fmt::format("no reset vector at {:#x}: it must be an address with its lowest bit set", uint64_t{table} + 4));
    const std::vector<uint32_t> page = bootstrap_page(request_, word(table), word(table + 4));
    const Region place{.name = "bootstrap", .base = bootstrap_base, .size = bootstrap_bytes};
    std::memcpy(core_.map(place).data(), page.data(), page.size() * 4);
  }

  const Request &request_;
  EmulatedCore &core_;
  Costs costs_;
  MemoryMap memory_;
  BlockCounter counter_;
};

}  // namespace

std::unique_ptr<Chip> make_cortex_m55(const Request &request, EmulatedCore &core) { return std::make_unique<CortexM55>(request, core); }

}  // namespace whit::sims
