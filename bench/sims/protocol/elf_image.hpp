// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
// A firmware file as the simulators need it: the bytes to put into memory, and the symbols. The file is hostile
// input: every offset in it is checked before use.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace whit::sims {

// Bytes that belong at `address`, the load address (where flash holds them, not where start-up code copies them).
struct Segment {
  uint32_t address = 0;
  std::vector<uint8_t> bytes;
};

struct Symbol {
  std::string name;
  uint32_t address = 0;
  uint32_t size = 0;
  bool is_function = false;
  bool is_global = false;
};

// What the firmware takes, in bytes, by its sections; those of initialised data count in `constants` and in `data`.
struct ImageSizes {
  uint64_t code = 0;
  uint64_t constants = 0;
  std::optional<uint64_t> data;  // static RAM; unknown for a raw image
};

struct ElfImage {
  uint16_t machine = 0;  // EM_ARM, EM_AVR
  ImageSizes sizes;
  std::vector<Segment> segments;
  std::multimap<std::string, Symbol> symbols;

  // The symbol's address, as in the file (a Thumb function keeps its lowest bit). A global symbol wins over local
  // ones of the same name. Throws `unknown_symbol`, also where several local ones differ.
  uint32_t address_of(const std::string &name) const;

  // "function+0x12" for a code address, nothing if no function covers it.
  std::optional<std::string> describe(uint32_t address) const;
};

// Reads a 32-bit little-endian ELF file. Throws `bad_firmware`.
ElfImage read_elf(const std::string &path);

// A file of plain bytes for `base`, without symbols. Throws `bad_firmware`.
ElfImage read_raw(const std::string &path, uint32_t base, uint16_t machine);

}  // namespace whit::sims
