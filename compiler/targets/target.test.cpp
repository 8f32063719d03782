// SPDX-License-Identifier: Apache-2.0
// Every built-in target loads and is complete; a broken board file is the user's error, with the field named.
#include "compiler/targets/target.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "compiler/base/bytes.hpp"
#include "compiler/base/error.hpp"

namespace whit {
namespace {

// A figure has its source, and a chip's missing figure the reason; a computer has no figures.
bool gives_source_or_reason(const Target &target, std::optional<double> milliwatts, const std::string &source) {
  if (milliwatts) return !source.empty() && !source.starts_with("not known");
  return target.clock_hz ? source.starts_with("not known: ") : source.empty();
}

TEST(Target, every_built_in_target_loads_with_a_toolchain_and_sources) {
  ASSERT_FALSE(target_names().empty());
  for (const std::string &name : target_names()) {
    const Target target = load_target(name);
    EXPECT_FALSE(target.summary.empty()) << name;
    EXPECT_FALSE(target.core.toolchain.compiler.empty()) << name;
    EXPECT_TRUE(target.core.simulator.contains("program")) << name;
    EXPECT_TRUE(gives_source_or_reason(target, target.active_milliwatts, target.active_power_source)) << name;
    EXPECT_EQ(target.active_milliwatts.has_value(), target.active_power_error_percent.has_value()) << name;
    EXPECT_TRUE(gives_source_or_reason(target, target.sleep_milliwatts, target.sleep_power_source)) << name;
    EXPECT_EQ(target.memories.empty(), target.memories_source.empty()) << name;
  }
}

TEST(Target, features_come_from_the_core) {
  EXPECT_TRUE(load_target("nucleo-l4r5zi").core.features.has(Feature::dsp));
  EXPECT_FALSE(load_target("nucleo-g0b1re").core.features.has(Feature::dsp));
}

// Each JSON block of the guide is a whole board file.
TEST(Target, the_boards_of_the_guide_load) {
  const std::filesystem::path guide = std::filesystem::path(WHIT_SOURCE_DIR) / "docs/guide/add_a_target.md";
  const Bytes bytes = read_file(guide);
  const std::string text(bytes.begin(), bytes.end());
  const Bytes first_board = read_file(std::filesystem::path(WHIT_SOURCE_DIR) / "compiler/targets/boards/nucleo-l4r5zi.json");
  EXPECT_NE(text.find("```json\n" + std::string(first_board.begin(), first_board.end()) + "```"), std::string::npos) << "the guide's NUCLEO-L4R5ZI is not the built-in one";
  size_t boards = 0;
  for (size_t begin = text.find("```json\n"); begin != std::string::npos; begin = text.find("```json\n", begin + 1)) {
    const size_t first = begin + 8, end = text.find("```", first);
    const Target target = parse_target(text.substr(first, end - first), "board", guide.string());
    EXPECT_EQ(target.core.name, "cortex-m4f");
    EXPECT_FALSE(target.memories_source.empty());
    boards += 1;
  }
  EXPECT_EQ(boards, 2U);
}

TEST(Target, what_is_not_known_is_null_or_left_out) {
  const std::string memories = R"("memories": [{"name": "f", "kind": "flash", "base": 0, "size": 4096}, {"name": "r", "kind": "ram", "base": 8388864, "size": 2048}])";
  const Target target = parse_target(R"({"summary": "x", "core": "avr5", "active_milliwatts": null, "sleep_milliwatts": 0.5, "cycles_error": "wide", )" + memories + "}", "x", "x");
  EXPECT_FALSE(target.active_milliwatts || target.supply_volts || target.clock_hz);
  EXPECT_EQ(target.sleep_milliwatts, 0.5);
  EXPECT_EQ(target.core.cycles_error, "wide");
  for (const char *field : {"clock_hz", "supply_volts", "active_milliwatts", "sleep_milliwatts"})
    EXPECT_THROW(parse_target(fmt::format(R"({{"summary": "x", "core": "avr5", "{}": -1, {}}})", field, memories), "x", "x"), UserError) << field;
}

// A board file with one field of that JSON value, on an AVR.
std::string board_with(const std::string &field, const std::string &value) {
  return fmt::format(R"({{"core": "avr5", "{}": {}, {} "memories": [{{"name": "f", "kind": "flash", "base": 0, "size": 4096}}, {{"name": "r", "kind": "ram", "base": 8388864, "size": 2048}}]}})",
                     field, value, field == "summary" ? "" : "\"summary\": \"x\",");
}

// What the user reads of a board file that is refused.
std::string complaint_of(const std::string &board) {
  try {
    parse_target(board, "board", "board.json");
  } catch (const UserError &error) {
    return error.what();
  }
  return "";
}

TEST(Target, texts_of_a_board_file_cannot_command_the_terminal) {
  for (const char *field : {"summary", "memories_source", "active_power_source", "sleep_power_source", "cycles_error"}) {
    EXPECT_EQ(complaint_of(board_with(field, "\"\u00b5 caf\u00e9\"")), "") << field;
    for (const char *control : {"\\u001b[2J", "\\n", "\\u007f", "\\u009b2J"})
      EXPECT_NE(complaint_of(board_with(field, fmt::format("\"{}\"", control))).find("control characters"), std::string::npos) << field << control;
  }
  const std::string unknown = complaint_of(board_with("\\u001b[2J", "1"));
  EXPECT_NE(unknown.find("unknown field"), std::string::npos);
  EXPECT_EQ(unknown.find('\x1b'), std::string::npos);
}

TEST(Target, clocks_are_those_of_chips) {
  for (const char *hertz : {"1e3", "32768", "1e10"}) EXPECT_EQ(complaint_of(board_with("clock_hz", hertz)), "") << hertz;
  for (const char *hertz : {"1e-300", "48", "1e11"}) EXPECT_NE(complaint_of(board_with("clock_hz", hertz)).find("1 kHz"), std::string::npos) << hertz;
}

TEST(Target, pointers_to_constants_reach_everything_unless_the_core_says_so) {
  EXPECT_EQ(load_target("arduino-mega-2560").core.constants_reach, 65536);
  EXPECT_EQ(load_target("nucleo-l4r5zi").core.constants_reach, std::nullopt);
}

TEST(Target, an_unknown_name_lists_what_there_is) {
  try {
    load_target("nucleo-zzz");
    FAIL() << "no error";
  } catch (const UserError &error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_NE(std::string(error.what()).find("arduino-uno"), std::string::npos);
  }
}

TEST(Target, broken_board_files_name_the_field) {
  const char *broken[] = {"", "[]", "{", R"({"summary": "x"})", R"({"summary": 3, "core": "avr5", "memories": []})",
                          R"({"summary": "x", "core": "z80", "memories": []})",
                          R"({"summary": "x", "core": "avr5", "memories": [{"kind": "tape"}]})",
                          R"({"summary": "x", "core": "avr5", "memories": 7})"};
  for (const char *text : broken) EXPECT_THROW(parse_target(text, "board", "board.json"), UserError) << text;
}

}  // namespace
}  // namespace whit
