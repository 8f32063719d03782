// SPDX-License-Identifier: Apache-2.0
// What a simulator would refuse is refused when the board file is read: file, entry, field, what was found, what is supported.
#include <gtest/gtest.h>

#include "compiler/base/error.hpp"
#include "compiler/targets/target.hpp"

namespace whit {
namespace {

// A board with a flash of these fields and a RAM of those.
Target board_with(const std::string &flash, const std::string &ram, const char *core = "cortex-m4") {
  return parse_target(fmt::format(R"({{"summary": "x", "core": "{}", "memories": [{{"name": "f", "kind": "flash", {}}}, {{"name": "r", "kind": "ram", {}}}]}})",
                                  core, flash, ram), "board", "board.json");
}

Problem complaint(const std::string &flash, const std::string &ram) {
  try {
    board_with(flash, ram);
  } catch (const UserError &error) {
    EXPECT_EQ(error.code(), ExitCode::model);
    return error.problems().at(0);
  }
  return {};
}

const std::string flash = R"("base": 0, "size": 65536)", ram = R"("base": 536870912, "size": 8192)";

struct Refusal {
  std::string flash, ram, place, found, supported;
};

TEST(Memories, a_wrong_field_is_named_with_what_was_found_and_is_supported) {
  const Refusal refusals[] = {
      {flash + R"(, "wait_states": "5")", ram, "board.json, memories[0]", R"(field "wait_states" is "5")", "a whole number, 0 to 1000"},
      {flash + R"(, "wait_states": -1)", ram, "board.json, memories[0]", R"(field "wait_states" is -1)", "a whole number, 0 to 1000"},
      {flash + R"(, "granule": 12)", ram, "board.json, memories[0]", R"(field "granule" is no power of two)", "4, 8, 16 ... 1024"},
      {flash + R"(, "data_lines": 0)", ram, "board.json, memories[0]", R"(field "data_lines" is 0)", "a whole number, 1 to 1048576"},
      {flash + R"(, "prefetch": 1)", ram, "board.json, memories[0]", R"(field "prefetch" is 1, of the wrong type)", ""},
      {flash + R"(, "wait_state": 5)", ram, "board.json, memories[0]", R"(has an unknown field "wait_state")", ""},
      {flash, R"("base": 536870912, "size": 8192.5)", "board.json, memories[1]", R"(field "size" is 8192.5)", "a whole number, 1 to 67108864"},
      {flash, R"("base": 536870912, "size": 67108865)", "board.json, memories[1]", R"(field "size" is 67108865)", "a whole number, 1 to 67108864"},
      {flash, R"("base": 536870912, "size": 0)", "board.json, memories[1]", R"(field "size" is 0)", "a whole number, 1 to 67108864"},
      {flash, R"("base": "0x20000000", "size": 8192)", "board.json, memories[1]", R"(field "base" is "0x20000000")", "a whole number, 0 to 4294967295"},
      {flash, R"("base": 536870914, "size": 8192)", "board.json, memories[1]", R"(field "base" is 536870914)", "multiples of 4096"},
      {flash, R"("base": 4294963200, "size": 8192)", "board.json, memories[1]", "8192 bytes at 4294963200 end beyond the last address", "32-bit addresses"},
      {flash, R"("base": 32768, "size": 8192)", "board.json, memories[1]", R"("f" and "r" overlap)", "memories that share no 4096 bytes"},
      {R"("base": 0, "size": 5000)", R"("base": 4096, "size": 8192)", "board.json, memories[1]", R"("f" and "r" overlap)", "memories that share no 4096 bytes"}};
  for (const Refusal &refusal : refusals) {
    const Problem problem = complaint(refusal.flash, refusal.ram);
    EXPECT_EQ(problem.place, refusal.place);
    EXPECT_EQ(problem.found, refusal.found);
    EXPECT_TRUE(problem.supported.starts_with(refusal.supported) && !problem.supported.empty()) << problem.supported;
  }
}

TEST(Memories, sizes_need_not_fill_pages_and_avr_has_none) {
  EXPECT_EQ(board_with(flash, R"("base": 536870912, "size": 6144)").memories.at(1).size, 6144U);
  EXPECT_EQ(board_with(flash, R"("base": 8388864, "size": 2048)", "avr5").memories.at(1).base, 8388864U);
}

TEST(Memories, all_together_have_a_limit) {
  std::string entries;
  for (int index = 0; index < 5; ++index)
    entries += fmt::format(R"({}{{"name": "m", "kind": "{}", "base": {}, "size": 67108864}})", index == 0 ? "" : ", ", index == 0 ? "flash" : "ram", index * 67108864LL);
  EXPECT_THROW(parse_target(R"({"summary": "x", "core": "cortex-m4", "memories": [)" + entries + "]}", "board", "board.json"), UserError);
}

TEST(Memories, only_a_native_core_needs_none) {
  EXPECT_TRUE(parse_target(R"({"summary": "x", "core": "x86-64", "memories": []})", "board", "board.json").memories.empty());
  EXPECT_THROW(parse_target(R"({"summary": "x", "core": "cortex-m4", "memories": []})", "board", "board.json"), UserError);
}

}  // namespace
}  // namespace whit
