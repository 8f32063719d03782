// SPDX-License-Identifier: GPL-3.0-or-later
// Steps the device and compares the program counter with the addresses of interest.
#include "bench/sims/avr/avr.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bench/sims/avr/device.hpp"
#include "bench/sims/protocol/error.hpp"
#include "bench/sims/protocol/fields.hpp"

namespace whit::sims {
namespace {

constexpr uint32_t data_base = 0x800000;

std::string read_emulator(const nlohmann::json &core) {
  Fields fields(core, "core");
  const std::string emulator = fields.text("emulator");
  fields.finish();
  return emulator;
}

class Avr : public Chip {
 public:
  explicit Avr(const Request &request)
      : request_(request), device_(read_emulator(request.core), request.image), marker_at_(device_.flash_words(), 0) {
    for (size_t i = 0; i < request.markers.size(); ++i) {
      const uint32_t word = request.markers[i] / 2;
      if (word >= marker_at_.size()) throw SimError("bad_address", fmt::format("markers[{}] lies outside the flash", i));
      marker_at_[word] = static_cast<uint16_t>(i + 1);
    }
  }

  std::span<uint8_t> memory(uint32_t address, uint32_t bytes) override { return device_.memory(address, bytes); }
  void allow(uint64_t instructions) override { allowance_ = instructions; }

  void run_to(uint32_t address) override {
    while (device_.pc() != address) step();
  }

  SampleCounts measure(std::optional<uint32_t> to, const MarkerCallback &on_marker) override {
    const uint32_t end = to.value_or(device_.return_address());
    const uint16_t stack_start = device_.stack_pointer();
    uint16_t stack_lowest = stack_start;
    SampleCounts counts;
    counts.markers.resize(request_.markers.size());
    Counts *current = &counts.unmarked;
    if (request_.profile) counts.functions.resize(request_.functions.size() + 1);
    for (uint64_t before = device_.cycle(); device_.pc() != end; before = device_.cycle()) {
      if (const uint16_t marker = marker_at_[device_.pc() / 2]; marker != 0) {
        current = &counts.markers[marker - 1u];
        on_marker(marker - 1u);
      }
      const uint32_t pc = device_.pc();
      step();
      const uint64_t cycles = device_.cycle() - before;
      *current += {1, cycles, cycles};
      if (request_.profile) counts.functions[function_at(pc)] += {1, cycles, cycles};
      stack_lowest = std::min(stack_lowest, device_.stack_pointer());
      watch_stack();
    }
    counts.stack = stack_start - stack_lowest;
    return counts;
  }

 private:
  void step() {
    if (allowance_-- == 0)
      throw SimError("instruction_limit", fmt::format("still running after the {} instructions allowed", request_.instruction_limit), device_.pc());
    device_.step();
  }

  // Found once for each word of flash.
  size_t function_at(uint32_t pc) {
    if (function_at_.empty()) {
      function_at_.resize(device_.flash_words());
      for (uint32_t word = 0; word < function_at_.size(); ++word)
        function_at_[word] = static_cast<uint32_t>(request_.functions.index_of(word * 2));
    }
    return function_at_[pc / 2];
  }

  void watch_stack() const {
    if (!request_.stack) return;
    const uint32_t base = request_.stack->base >= data_base ? request_.stack->base - data_base : request_.stack->base;
    if (device_.stack_pointer() + 1u < base)
      throw SimError("stack_overflow", fmt::format("the stack pointer sinks to {:#x}, the stack ends at {:#x}", device_.stack_pointer(), base),
                     device_.pc());
  }

  const Request &request_;
  Device device_;
  std::vector<uint16_t> marker_at_;  // for each word of flash, the marker's index + 1, or 0
  std::vector<uint32_t> function_at_;  // for each word of flash, its function's index, when asked to profile
  uint64_t allowance_ = 0;
};

}  // namespace

std::unique_ptr<Chip> make_avr(const Request &request) { return std::make_unique<Avr>(request); }

}  // namespace whit::sims
