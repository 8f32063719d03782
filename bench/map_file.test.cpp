// SPDX-License-Identifier: Apache-2.0
// Sections of a map: on one line, broken after the name, discarded, of size zero.
#include "bench/map_file.hpp"

#include <gtest/gtest.h>

namespace whit {
namespace {

constexpr const char *map = R"(Discarded input sections

 .text.unused   0x00000000       0x40 /tmp/x/kws.o

Linker script and memory map

.text           0x08000000      0x234
 *(.vectors)
 .text.kws_run  0x08000008       0x34 /tmp/x y/kws.o
 .text._ZN4whitL11conv2d_int8EPKNS_20Conv2dInt8ParametersE
                0x0800003c      0x1f0 /tmp/x y/kws.o
 .text          0x08000230        0x0 /tmp/x y/kws.o
 .rodata.w      0x08000230       0x10 /tmp/x y/kws.o
 .data          0x20000000        0x8 /usr/lib/libgcc.a(_x.o)
 *fill*         0x20000008        0x4
)";

TEST(MapFile, counts_kept_sections_of_the_named_objects) {
  const auto sections = parse_map(map);
  ASSERT_EQ(sections.size(), 5U);
  EXPECT_EQ(sections[0].object, "/tmp/x y/kws.o");
  const ImageSize model = size_of(sections, [](const std::string &object) { return object.ends_with("kws.o"); });
  EXPECT_EQ(model.code, 0x34 + 0x1f0);
  EXPECT_EQ(model.constants, 0x10);
  EXPECT_EQ(model.data, 0);
  const ImageSize all = size_of(sections, [](const std::string &) { return true; });
  EXPECT_EQ(all.data, 8 + 4) << "with the padding";
  EXPECT_EQ(all.constants, 0x18 + 4);
}

TEST(MapFile, constants_that_the_linker_puts_into_ram_are_counted_there_too) {
  const auto sections = parse_map(R"(Linker script and memory map

.data           0x00800100       0x12 load address 0x00000d2c
 *(.data)
 .rodata        0x00800100       0x10 /tmp/x/kws.o
 .bss           0x00800110        0x2 /tmp/x/kws.o
.text           0x00000000       0x20
 .progmem.data  0x00000068       0x20 /tmp/x/kws.o
)");
  const ImageSize size = size_of(sections, [](const std::string &) { return true; });
  EXPECT_EQ(size.data, 0x12);
  EXPECT_EQ(size.constants, 0x30);
  EXPECT_EQ(size.code, 0);
}

TEST(MapFile, small_constants_and_vectors_count_as_well) {
  const auto sections = parse_map(R"(Linker script and memory map

.text           0x20000000       0x60
 .vectors       0x20000000       0x40 /tmp/x/kws.o
 .init0         0x20000040       0x20 /tmp/x/kws.o
.rodata         0x20000060        0x8
 .srodata.shifts 0x20000060        0x8 /tmp/x/kws.o
.sbss           0x80000000        0x4
 .sbss.flag     0x80000000        0x4 /tmp/x/kws.o
)");
  const ImageSize size = size_of(sections, [](const std::string &) { return true; });
  EXPECT_EQ(size.code, 0x60);
  EXPECT_EQ(size.constants, 8);
  EXPECT_EQ(size.data, 4);
}

TEST(MapFile, other_text_gives_no_sections) {
  for (const char *text : {"", "hello", "Linker script and memory map\n .text 0xzz 0x1 a.o\n .text\n"})
    EXPECT_TRUE(parse_map(text).empty()) << text;
}

}  // namespace
}  // namespace whit
