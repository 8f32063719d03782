// SPDX-License-Identifier: GPL-2.0-or-later
// A stand-in for a chip's peripherals, so that firmware which sets up clocks and pins comes through: each register keeps
// what was written to it, and one that is read over and over answers with all bits set, then with none, so that a wait
// for a bit of either kind ends. It does nothing else.
#pragma once

#include <cstdint>
#include <unordered_map>

namespace whit::sims {

class Peripherals {
 public:
  // `bytes` is 1, 2 or 4, within one 32-bit register.
  uint32_t read(uint32_t address, uint32_t bytes);
  void write(uint32_t address, uint32_t bytes, uint32_t value);

 private:
  uint32_t polled_value(uint32_t word, uint32_t stored);

  std::unordered_map<uint32_t, uint32_t> registers_;  // by their index
  uint32_t last_read_ = UINT32_MAX;
  uint32_t reads_in_a_row_ = 0;
};

}  // namespace whit::sims
