// SPDX-License-Identifier: Apache-2.0
// GNU ld writes one line a section, " .name 0xaddress 0xsize object", broken after a long name, below the output section
// it goes into, whose line starts in the first column. " *fill* 0xaddress 0xsize" is padding: it is counted with the section before it.
#include "bench/map_file.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace whit {

namespace {

bool parse_hexadecimal(const std::string &word, uint64_t &value) {
  if (!word.starts_with("0x")) return false;
  const char *end = word.data() + word.size();
  return std::from_chars(word.data() + 2, end, value, 16).ptr == end;
}

// The rest of a line after the two numbers: the object's path, which may hold spaces.
std::string object_after(std::istringstream &line) {
  std::string object;
  std::getline(line >> std::ws, object);
  return object;
}

bool holds(const std::string &name, std::string_view prefix) { return name == prefix || name.starts_with(std::string(prefix) + "."); }

// By where the linker put it, or by its own name: RISC-V compilers keep small data (.sdata, .sbss, .srodata) apart.
bool is_of(const MapSection &section, std::initializer_list<const char *> kinds) {
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](const char *kind) { return holds(section.output, kind) || holds(section.name, kind); });
}

bool is_zeroed(const MapSection &section) {
  return is_of(section, {".bss", ".sbss", ".noinit"}) || section.name == "COMMON";
}

bool is_in_ram(const MapSection &section) { return is_zeroed(section) || is_of(section, {".data", ".sdata"}); }

bool is_constant(const MapSection &section) {
  return is_of(section, {".rodata", ".srodata"}) || holds(section.name, ".progmem");
}

// Vectors and start-up code lie in .text under other names; .ARM.exidx are the unwinder's tables.
bool is_code(const MapSection &section) { return !is_constant(section) && is_of(section, {".text", ".ARM.exidx"}); }

}  // namespace

std::vector<MapSection> parse_map(std::string_view text) {
  std::vector<MapSection> sections;
  std::istringstream lines{std::string(text)};
  std::string pending;  // a section's name that stands alone on its line
  std::string output;
  bool in_map = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("Linker script and memory map")) in_map = true;
    if (!in_map) continue;
    std::istringstream words(line);
    std::string name = pending, address_word, size_word;
    pending.clear();
    if (line.starts_with(".")) words >> output;
    const bool fills = line.starts_with(" *fill*") && !sections.empty() && sections.back().output == output;
    if (line.starts_with(" .") || line.starts_with(" COMMON") || fills) words >> name;
    uint64_t address = 0, size = 0;
    if (name.empty()) continue;
    if (!(words >> address_word)) {
      pending = name;
      continue;
    }
    words >> size_word;
    if (!parse_hexadecimal(address_word, address) || !parse_hexadecimal(size_word, size) || size == 0) continue;
    if (fills)
      sections.push_back({sections.back().name, output, sections.back().object, static_cast<int64_t>(size)});
    else
      sections.push_back({name, output, object_after(words), static_cast<int64_t>(size)});
  }
  return sections;
}

ImageSize size_of(const std::vector<MapSection> &sections, const std::function<bool(const std::string &)> &counts) {
  ImageSize size;
  for (const MapSection &section : sections) {
    if (!counts(section.object)) continue;
    if (is_code(section)) size.code += section.bytes;
    if (is_constant(section) || (is_in_ram(section) && !is_zeroed(section))) size.constants += section.bytes;
    if (is_in_ram(section)) size.data += section.bytes;
  }
  return size;
}

}  // namespace whit
