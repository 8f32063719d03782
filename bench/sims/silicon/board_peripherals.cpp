// SPDX-License-Identifier: GPL-2.0-or-later
// Answers in the order: the timer, the UARTs, followers of the registers that remain.
#include "bench/sims/silicon/board_peripherals.hpp"

namespace whit::sims {
namespace {

constexpr uint32_t timer_counters[] = {0x40000024, 0x40000C24};  // TIM2 and TIM5 of every STM32

constexpr uint32_t uart_status = 0x1C, uart_receive = 0x24, uart_send = 0x28;
constexpr uint32_t can_send = 0x006000C0, holds_byte = 0x20;

bool is_timer(uint32_t address) { return address == timer_counters[0] || address == timer_counters[1]; }

}  // namespace

uint32_t BoardPeripherals::read(uint32_t address, uint32_t bytes) {
  last_address_ = address;
  if (is_timer(address)) {
    on_timer_read();
    return microseconds_ += 1'000'000;
  }
  if (address - chip_.uart < 0x30) return read_uart(address - chip_.uart);
  for (const uint32_t uart : chip_.other_uarts)
    if (address == uart + uart_status) return can_send;
  return with_followers(address, others_.read(address, bytes));
}

uint32_t BoardPeripherals::read_uart(uint32_t offset) {
  if (offset == uart_status) return can_send | (received_.empty() ? 0 : holds_byte);
  if (offset != uart_receive || received_.empty()) return others_.read(chip_.uart + offset, 4);
  const uint8_t byte = received_.front();
  received_.pop_front();
  return byte;
}

void BoardPeripherals::write(uint32_t address, uint32_t value, uint32_t bytes) {
  others_.write(address, bytes, value);
  written_[address] = value;
  if (address == chip_.uart + uart_send) sent_.push_back(static_cast<char>(value));
}

uint32_t BoardPeripherals::with_followers(uint32_t address, uint32_t value) const {
  for (const Follower &follower : chip_.followers) {
    if (follower.address != address) continue;
    const auto source = written_.find(follower.source);
    const uint32_t set = source == written_.end() ? 0 : source->second & follower.mask;
    const uint32_t moved = follower.shift >= 0 ? set << follower.shift : set >> -follower.shift;
    const uint32_t place = follower.shift >= 0 ? follower.mask << follower.shift : follower.mask >> -follower.shift;
    value = (value & ~place) | moved;
  }
  return value;
}

}  // namespace whit::sims
