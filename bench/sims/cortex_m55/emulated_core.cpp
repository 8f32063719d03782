// SPDX-License-Identifier: GPL-2.0-or-later
// No exception may cross into QEMU: errors are kept for the loop's thread.
#include "bench/sims/cortex_m55/emulated_core.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace whit::sims {
namespace {

uint32_t word_at(const uint8_t *bytes) {
  uint32_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

}  // namespace

void EmulatedCore::before_block(const TranslatedBlock &block) {
  if (!is_powered_) {
    is_powered_ = true;
    stand_still(block.begin);
  }
  if (block.begin == trap_report) fail(std::make_exception_ptr(trap_error(trap(), *request_)));
  if (block.begin == target_) stand_still(block.begin);
  try {
    charge(block);
  } catch (...) {
    fail(std::current_exception());
  }
}

void EmulatedCore::stand_still(uint32_t address) {
  target_.reset();
  pc_ = address;
  handoff_.arrive();
}

void EmulatedCore::charge(const TranslatedBlock &block) {
  if (block.begin - bootstrap_base < bootstrap_bytes) return;  // no firmware
  if (counter_) {
    counter_->on_block(block.begin, block.end - block.begin, read(CoreRegister::sp));
  } else if (allowance_ < block.instructions) {
    throw SimError("instruction_limit", fmt::format("still running after the {} instructions allowed", request_->instruction_limit), block.begin);
  } else {
    allowance_ -= block.instructions;
  }
}

void EmulatedCore::on_access(bool is_store, uint32_t address, uint32_t bytes) {
  if (counter_ && !is_store) counter_->on_load(address, bytes);
}

void EmulatedCore::on_element(uint32_t address, uint32_t bytes, uint32_t pc) {
  if (address % bytes != 0)
    fail(std::make_exception_ptr(SimError("misaligned_access", fmt::format("a vector instruction accesses {} bytes at {:#x}", bytes, address), pc)));
}

void EmulatedCore::on_idle() {
  if (is_powered_) fail(std::make_exception_ptr(SimError("exception", "the core halted")));
}

// The core never goes on.
void EmulatedCore::fail(std::exception_ptr error) {
  failure_ = std::move(error);
  for (;;) handoff_.arrive();
}

// What the code at bootstrap.cpp's `trap` left in the registers. The stack holds r0 to r3, r12, lr and pc of the moment.
Trap EmulatedCore::trap() const {
  Trap trap{.fault_status = read(CoreRegister::r1), .memory_fault = read(CoreRegister::r2), .bus_fault = read(CoreRegister::r3),
            .exception = read(CoreRegister::status) & 0x1FF, .pc = {}};
  if (const uint8_t *pc = memory(read(CoreRegister::r4) + 24, 4)) trap.pc = word_at(pc);
  return trap;
}

const uint8_t *EmulatedCore::memory(uint32_t address, uint32_t bytes) const {
  for (const auto &[begin, span] : mapped_)
    if (address >= begin && uint64_t{address} - begin + bytes <= span.size()) return span.data() + (address - begin);
  return nullptr;
}

std::span<uint8_t> EmulatedCore::map(const Region &region) {
  void *host = nullptr;
  uint64_t bytes = region.size;
  handoff_.do_there([&] { host = address_space_map(cpu_get_address_space(qemu_get_cpu(0), 0), region.base, &bytes, true, 1); });
  if (!host || bytes != region.size)
    throw SimError("bad_request", fmt::format("region `{}` lies where the emulated board (mps3-an547) has no memory: it has 512 KB at 0 and at "
                                              "0x20000000, 4 MB at 0x21000000 without the last page, 2 GB at 0x60000000", region.name));
  return mapped_.emplace_back(region.base, std::span<uint8_t>{static_cast<uint8_t *>(host), region.size}).second;
}

void EmulatedCore::obey(const Request &request, bool watches_data) {
  request_ = &request;
  watches_data_ = watches_data;
}

uint32_t EmulatedCore::read(CoreRegister reg) const {
  static thread_local GByteArray *const bytes = g_byte_array_new();
  g_byte_array_set_size(bytes, 0);
  arm_cpu_gdb_read_register(qemu_get_cpu(0), bytes, static_cast<int>(reg));
  return word_at(bytes->data);
}

void EmulatedCore::run_to(uint32_t address, BlockCounter *counter) {
  if (pc_ == address) return;
  target_ = address;
  counter_ = counter;
  handoff_.run();
  counter_ = nullptr;
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace whit::sims
