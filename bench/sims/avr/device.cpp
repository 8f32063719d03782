// SPDX-License-Identifier: GPL-3.0-or-later
// Drives simavr's core directly.
#include "bench/sims/avr/device.hpp"

#include <fmt/format.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_core.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <utility>

#include "bench/sims/protocol/error.hpp"

namespace whit::sims {
namespace {

constexpr uint32_t data_base = 0x800000;
constexpr uint32_t eeprom_base = 0x810000;  // and fuses, signature beyond it: not loaded
constexpr size_t data_space = 0x10000 + 4;
constexpr size_t near_flash = 0x10000 + 4;      // reach of LPM
constexpr size_t far_flash = 0x1000000 + 4;     // reach of ELPM

// simavr reports what goes wrong through one global logger; the first complaint of an instruction is kept here.
std::string complaint;

void keep_complaint(avr_t *, const int level, const char *format, va_list arguments) {
  if (level != LOG_ERROR || !complaint.empty()) return;
  std::array<char, 256> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  std::copy_if(text.data(), text.data() + std::char_traits<char>::length(text.data()), std::back_inserter(complaint),
               [](char c) { return c >= ' ' && c <= '~'; });
}

uint8_t *widen(uint8_t *memory, size_t used, size_t bytes) {
  if (bytes <= used) return memory;
  auto *wider = static_cast<uint8_t *>(std::calloc(bytes, 1));
  if (!wider) throw std::bad_alloc();
  std::copy_n(memory, used, wider);
  std::free(memory);
  return wider;
}

}  // namespace

Device::Device(const std::string &name, const ElfImage &image) {
  avr_global_logger_set(keep_complaint);
  avr_ = avr_make_mcu_by_name(name.c_str());  // allocated with malloc, and left to its caller
  if (!avr_) throw SimError("bad_request", fmt::format("`core.emulator` is \"{}\", which simavr does not know", name));
  avr_init(avr_);
  try {
    widen_memories();
    load(image);
  } catch (...) {
    discard();
    throw;
  }
  complaint.clear();
}

Device::~Device() { discard(); }

// simavr still keeps the names of the device's interrupt lines, about five kilobytes.
void Device::discard() {
  avr_terminate(avr_);
  std::free(avr_);
}

void Device::widen_memories() {
  avr_->data = widen(avr_->data, size_t{avr_->ramend} + 1, data_space);
  avr_->flash = widen(avr_->flash, size_t{avr_->flashend} + 1, avr_->rampz ? far_flash : near_flash);
}

void Device::load(const ElfImage &image) {
  uint32_t end = 0;
  for (const Segment &segment : image.segments) {
    if (segment.address >= eeprom_base) continue;
    if (uint64_t{segment.address} + segment.bytes.size() > uint64_t{avr_->flashend} + 1)
      throw SimError("bad_firmware", fmt::format("it needs flash up to {:#x}; {} has {:#x} bytes",
                                                 segment.address + segment.bytes.size(), avr_->mmcu, avr_->flashend + 1));
    std::copy(segment.bytes.begin(), segment.bytes.end(), avr_->flash + segment.address);
    end = std::max(end, segment.address + static_cast<uint32_t>(segment.bytes.size()));
  }
  avr_->codeend = end;
}

void Device::step() {
  avr_->run_cycle_count = 0;  // return after each instruction
  const avr_flashaddr_t next = avr_run_one(avr_);
  if (avr_->state != cpu_Running || !complaint.empty()) fail();
  avr_->pc = next;
  if (next >= avr_->codeend) throw SimError("unmapped_access", fmt::format("runs into {:#x}, beyond the firmware's code", next), next);
}

void Device::fail() const {
  const std::string why = std::exchange(complaint, {});
  if (why.find("Invalid Opcode") != std::string::npos)
    throw SimError("illegal_instruction", "an instruction that this AVR core lacks", avr_->pc);
  if (why.find("Invalid") != std::string::npos) throw SimError("unmapped_access", why, avr_->pc);
  if (avr_->state == cpu_Sleeping) throw SimError("exception", "the core sleeps, and nothing will wake it", avr_->pc);
  throw SimError("exception", why.empty() ? "the core halted" : why, avr_->pc);
}

uint32_t Device::pc() const { return avr_->pc; }
uint16_t Device::stack_pointer() const { return static_cast<uint16_t>(avr_->data[R_SPL] | avr_->data[R_SPH] << 8); }
uint64_t Device::cycle() const { return avr_->cycle; }
uint32_t Device::flash_words() const { return (avr_->flashend + 1) / 2; }

uint32_t Device::return_address() const {
  uint32_t word = 0;
  for (uint32_t i = 1; i <= avr_->address_size; ++i) word = word << 8 | avr_->data[(stack_pointer() + i) & 0xFFFF];
  return word * 2;
}

std::span<uint8_t> Device::memory(uint32_t address, uint32_t bytes) {
  const bool is_data = address >= data_base;
  const uint32_t begin = is_data ? address - data_base : address;
  const uint64_t size = is_data ? uint64_t{avr_->ramend} + 1 : uint64_t{avr_->flashend} + 1;
  if (begin + uint64_t{bytes} > size)
    throw SimError("bad_address", fmt::format("{} has no {} bytes at {:#x}", avr_->mmcu, bytes, address));
  return {(is_data ? avr_->data : avr_->flash) + begin, bytes};
}

}  // namespace whit::sims
