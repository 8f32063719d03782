// SPDX-License-Identifier: Apache-2.0
// What a linked image takes, read from the linker's map.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace whit {

// One input section that the linker kept, or the padding it put after one.
struct MapSection {
  std::string name{};    // ".text.kws_run"
  std::string output{};  // the section of the image it went into: ".text". On AVR ".rodata" goes into ".data", which is RAM
  std::string object{};  // "/tmp/x/kws.o", "/usr/lib/.../libgcc.a(_divsi3.o)"
  int64_t bytes = 0;
};

// The kept sections of a GNU ld map; text in another form gives none.
std::vector<MapSection> parse_map(std::string_view text);

struct ImageSize {
  int64_t code = 0;       // instructions
  int64_t constants = 0;  // read-only data, and the stored values of initialised data
  int64_t data = 0;       // static RAM: initialised and zeroed
};

// Sums over the sections whose object `counts`.
ImageSize size_of(const std::vector<MapSection> &sections, const std::function<bool(const std::string &object)> &counts);

}  // namespace whit
