// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/sims/unicorn/peripherals.hpp"

#include <cstddef>

namespace whit::sims {
namespace {

constexpr uint32_t patience = 20;           // reads of one register in a row that are not yet a wait
constexpr std::size_t most_registers = 1u << 16;  // what is written beyond is lost: firmware may be hostile

uint32_t mask_of(uint32_t bytes) { return bytes >= 4 ? UINT32_MAX : (1u << (8 * bytes)) - 1; }
uint32_t shift_of(uint32_t address) { return 8 * (address % 4); }

}  // namespace

uint32_t Peripherals::read(uint32_t address, uint32_t bytes) {
  const auto found = registers_.find(address / 4);
  const uint32_t value = polled_value(address / 4, found == registers_.end() ? 0 : found->second);
  return (value >> shift_of(address)) & mask_of(bytes);
}

void Peripherals::write(uint32_t address, uint32_t bytes, uint32_t value) {
  last_read_ = UINT32_MAX;
  const auto found = registers_.find(address / 4);
  if (found == registers_.end() && registers_.size() >= most_registers) return;
  uint32_t &stored = found == registers_.end() ? registers_[address / 4] : found->second;
  const uint32_t mask = mask_of(bytes) << shift_of(address);
  stored = (stored & ~mask) | ((value << shift_of(address)) & mask);
}

uint32_t Peripherals::polled_value(uint32_t word, uint32_t stored) {
  if (word != last_read_) reads_in_a_row_ = 0;
  last_read_ = word;
  if (++reads_in_a_row_ <= patience) return stored;
  return reads_in_a_row_ % 2 == 1 ? UINT32_MAX : 0;
}

}  // namespace whit::sims
