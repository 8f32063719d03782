// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// What the sample loop asks of an emulated chip, and what a measured run yields.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace whit::sims {

struct Counts {
  uint64_t instructions = 0;
  uint64_t cycles = 0;        // zero wait states
  uint64_t board_cycles = 0;  // with the board's flash

  Counts &operator+=(const Counts &other) {
    instructions += other.instructions;
    cycles += other.cycles;
    board_cycles += other.board_cycles;
    return *this;
  }
};

struct SampleCounts {
  Counts unmarked;              // before the first marker
  std::vector<Counts> markers;  // from the arrival at a marker to the arrival at the next one
  std::vector<Counts> functions;  // by the request's function map, last what lies in none of them; empty without a profile
  uint32_t stack = 0;           // bytes below the stack pointer at the start of measuring
};

// A chip with the firmware in its memory, reset. Every function throws SimError where the firmware goes wrong.
class Chip {
 public:
  using MarkerCallback = std::function<void(size_t marker)>;

  virtual ~Chip() = default;

  // `bytes` of the chip's memory from `address` on. Throws `bad_address` if no memory holds them all.
  virtual std::span<uint8_t> memory(uint32_t address, uint32_t bytes) = 0;

  // A new allowance of instructions for the runs that follow; exceeding it is `instruction_limit`.
  virtual void allow(uint64_t instructions) = 0;

  // Runs, uncounted and fast, until the program counter is `address`.
  virtual void run_to(uint32_t address) = 0;

  // Runs and counts until `to`, or without one until the function just entered returns. `on_marker` is called each
  // time the program counter arrives at a marker, before the instruction there.
  virtual SampleCounts measure(std::optional<uint32_t> to, const MarkerCallback &on_marker) = 0;
};

}  // namespace whit::sims
