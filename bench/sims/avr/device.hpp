// SPDX-License-Identifier: GPL-3.0-or-later
// One simavr device with the firmware in its flash. It makes simavr safe for hostile firmware: simavr itself checks
// neither data addresses nor LPM's before it uses them, so its memories are made as large as an address can say.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "bench/sims/protocol/elf_image.hpp"

struct avr_t;

namespace whit::sims {

class Device {
 public:
  // Throws SimError: `bad_request` for an unknown name, `bad_firmware` if the image does not fit.
  Device(const std::string &name, const ElfImage &image);
  ~Device();
  Device(const Device &) = delete;
  Device &operator=(const Device &) = delete;

  // Executes one instruction. Throws SimError where it cannot go on.
  void step();

  uint32_t pc() const;            // in bytes
  uint16_t stack_pointer() const;
  uint64_t cycle() const;
  uint32_t flash_words() const;

  // The address on top of the stack, in bytes: where the function just entered returns to.
  uint32_t return_address() const;

  // Data addresses count from 0x800000, as in AVR's ELF files; others are flash.
  std::span<uint8_t> memory(uint32_t address, uint32_t bytes);

 private:
  void discard();
  void widen_memories();
  void load(const ElfImage &image);
  [[noreturn]] void fail() const;

  avr_t *avr_;
};

}  // namespace whit::sims
