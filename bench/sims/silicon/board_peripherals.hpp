// SPDX-License-Identifier: GPL-2.0-or-later
// Just enough of a microcontroller around the core for published benchmark firmware to start, receive commands over its
// UART and read its timer. Bits that the firmware waits for are listed; the other registers are those of any chip
// (sims/unicorn/peripherals.hpp).
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bench/sims/unicorn/peripherals.hpp"

namespace whit::sims {

// Bits of a register that follow bits written to a register: a "ready" after an "on", a status after a setting.
struct Follower {
  uint32_t address = 0;
  uint32_t source = 0;       // whose bits
  uint32_t mask = 0;         // of the source
  int shift = 0;             // to the left, to where they appear
};

struct ChipPeripherals {
  uint32_t uart = 0;         // its base; ISR at 0x1C, RDR at 0x24, TDR at 0x28
  uint32_t uart_vector = 0;  // entry in the vector table
  std::vector<uint32_t> other_uarts;  // that the firmware sets up as well
  std::vector<Follower> followers;
};

class BoardPeripherals {
 public:
  explicit BoardPeripherals(ChipPeripherals chip) : chip_(std::move(chip)) {}

  // `bytes` is 1, 2 or 4, within one 32-bit register.
  uint32_t read(uint32_t address, uint32_t bytes = 4);
  void write(uint32_t address, uint32_t value, uint32_t bytes = 4);

  void receive(uint8_t byte) { received_.push_back(byte); }
  bool has_received() const { return !received_.empty(); }
  // What the firmware has sent since this was last called.
  std::string take_sent() { return std::exchange(sent_, {}); }

  // The register read last: what firmware that hangs may be waiting for.
  uint32_t last_address() const { return last_address_; }

  // Called on each read of a timer's counter.
  std::function<void()> on_timer_read = [] {};

 private:
  uint32_t read_uart(uint32_t offset);
  uint32_t with_followers(uint32_t address, uint32_t value) const;

  ChipPeripherals chip_;
  Peripherals others_;
  std::unordered_map<uint32_t, uint32_t> written_;  // what followers look at
  std::deque<uint8_t> received_;
  std::string sent_;
  uint32_t last_address_ = 0;
  uint32_t microseconds_ = 0;
};

}  // namespace whit::sims
