// SPDX-License-Identifier: Apache-2.0
// GNU ld writes one line a section, " .name 0xaddress 0xsize object", broken after a long name.
#include "bench/map_file.hpp"

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

}  // namespace

std::vector<MapSection> parse_map(std::string_view text) {
  std::vector<MapSection> sections;
  std::istringstream lines{std::string(text)};
  std::string pending;  // a section's name that stands alone on its line
  bool in_map = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("Linker script and memory map")) in_map = true;
    if (!in_map) continue;
    std::istringstream words(line);
    std::string name = pending, address_word, size_word;
    pending.clear();
    if (line.starts_with(" .") || line.starts_with(" COMMON")) words >> name;
    uint64_t address = 0, size = 0;
    if (name.empty()) continue;
    if (!(words >> address_word)) {
      pending = name;
      continue;
    }
    words >> size_word;
    if (!parse_hexadecimal(address_word, address) || !parse_hexadecimal(size_word, size) || size == 0) continue;
    sections.push_back({name, object_after(words), static_cast<int64_t>(size)});
  }
  return sections;
}

ImageSize size_of(const std::vector<MapSection> &sections, const std::function<bool(const std::string &)> &counts) {
  ImageSize size;
  for (const MapSection &section : sections) {
    if (!counts(section.object)) continue;
    if (holds(section.name, ".text")) size.code += section.bytes;
    if (holds(section.name, ".rodata") || holds(section.name, ".progmem") || holds(section.name, ".data"))
      size.constants += section.bytes;
    if (holds(section.name, ".data") || holds(section.name, ".bss") || section.name == "COMMON") size.data += section.bytes;
  }
  return size;
}

}  // namespace whit
