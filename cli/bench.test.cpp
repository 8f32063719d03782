// SPDX-License-Identifier: Apache-2.0
// whit bench as a user types it: what is missing on this computer, what is misspelt, what lies in the wrong place.
#include "cli/command_line.hpp"

namespace whit::test {
namespace {

class BenchCommandLine : public CommandLine {
 protected:
  // As on a computer that has no compiler at all.
  static ProcessResult whit_without_compilers(const std::vector<std::string> &arguments) {
    std::vector<std::string> command{"/usr/bin/env", "PATH=/nonexistent", WHIT_PROGRAM};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_process(command);
  }
};

TEST_F(BenchCommandLine, all_targets_list_what_no_compiler_is_installed_for) {
  const ProcessResult result = whit_without_compilers({"bench", digits(), "--target", "all"});
  EXPECT_EQ(result.status, 0) << result.output;
  EXPECT_TRUE(holds(result, "not measured:\n"));
  EXPECT_TRUE(holds(result, "  digits on nucleo-l4r5zi: the compiler arm-none-eabi-g++ is not installed (apt-get install gcc-arm-none-eabi"));
  EXPECT_TRUE(holds(result, "  digits on arduino-uno: the compiler avr-g++ is not installed (apt-get install gcc-avr"));
}

TEST_F(BenchCommandLine, a_named_target_without_a_compiler_is_an_error_that_says_what_to_install) {
  const ProcessResult result = whit_without_compilers({"bench", digits(), "--target", "nucleo-l4r5zi"});
  EXPECT_EQ(result.status, 2);
  EXPECT_TRUE(holds(result, "whit: nucleo-l4r5zi: the compiler arm-none-eabi-g++ is not installed\n  hint: apt-get install gcc-arm-none-eabi"));
}

TEST_F(BenchCommandLine, a_model_after_the_target_is_a_model) {
  const ProcessResult result = whit({"bench", "--target", "host", digits()});
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(holds(result, "digits  host"));
  const ProcessResult missing = whit({"bench", "--target", "host", "missing.tflite"});
  EXPECT_EQ(missing.status, 2);
  EXPECT_TRUE(holds(missing, "whit: missing.tflite: no such file"));
  const ProcessResult no_board = whit({"bench", "--target", digits()});
  EXPECT_EQ(no_board.status, 1);
  EXPECT_TRUE(holds(no_board, "whit: --target: no board is given, only models"));
}

TEST_F(BenchCommandLine, a_misspelt_target_beside_all_is_an_error) {
  const ProcessResult result = whit({"bench", digits(), "--target", "all", "nope"});
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(holds(result, "whit: --target: no target is called \"nope\""));
}

TEST_F(BenchCommandLine, a_firmware_that_is_not_there_is_named) {
  const ProcessResult result = whit({"bench", "--elf", "firmware.elf", "--target", "arduino-uno", "--from", "run"});
  EXPECT_EQ(result.status, 2);
  EXPECT_TRUE(holds(result, "whit: firmware.elf: no such file"));
}

TEST_F(BenchCommandLine, options_that_say_nothing_of_what_is_measured_are_refused) {
  const std::vector<std::string> elf{"bench", "--elf", "firmware.elf", "--target", "arduino-uno", "--from", "run"};
  const std::vector<std::vector<std::string>> beside_elf{{"--input", "a.npy"}, {"--labels", "a.txt"}, {"--optimize", "size"}, {"--base", "0x100"}};
  for (const auto &extra : beside_elf) {
    std::vector<std::string> arguments = elf;
    arguments.insert(arguments.end(), extra.begin(), extra.end());
    const ProcessResult result = whit(arguments);
    EXPECT_EQ(result.status, 1) << extra[0];
    EXPECT_TRUE(holds(result, "whit: " + extra[0] + ": it says nothing of what is measured here"));
  }
  const std::vector<std::vector<std::string>> beside_models{{"--from", "run"}, {"--name", "other"}, {"--peripherals"}};
  for (const auto &extra : beside_models) {
    std::vector<std::string> arguments{"bench", digits(), "--target", "host"};
    arguments.insert(arguments.end(), extra.begin(), extra.end());
    EXPECT_EQ(whit(arguments).status, 1) << extra[0];
  }
}

TEST_F(BenchCommandLine, models_that_a_report_could_not_tell_apart_are_refused) {
  std::filesystem::copy_file(digits(), path("digits.tflite"));
  const ProcessResult result = whit({"bench", digits(), path("digits.tflite").string(), "--target", "host"});
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(holds(result, "the report would call it as it calls "));
}

TEST_F(BenchCommandLine, reports_that_cannot_be_written_are_told_before_the_work) {
  const ProcessResult folder = whit({"bench", digits(), "--target", "host", "--save", "/"});
  EXPECT_EQ(folder.status, 1);
  EXPECT_TRUE(holds(folder, "whit: /: it is a folder"));
  EXPECT_FALSE(holds(folder, "cycles"));
  EXPECT_TRUE(holds(whit({"bench", digits(), "--target", "host", "--html", "/nonexistent/a.html"}), "there is no folder /nonexistent"));
}

TEST_F(BenchCommandLine, a_firmware_is_not_for_all_boards) {
  const ProcessResult result = whit({"bench", "--elf", "firmware.elf", "--target", "all", "--from", "run"});
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(holds(result, "whit: --target: a firmware is linked for one board"));
}

TEST_F(BenchCommandLine, a_target_or_model_given_twice_is_measured_once) {
  ASSERT_EQ(whit({"bench", digits(), digits(), "--target", "host", "host", "--save", path("report.json").string()}).status, 0);
  EXPECT_EQ(whit({"compare", path("report.json").string(), path("report.json").string()}).status, 0);
}

TEST_F(BenchCommandLine, a_board_file_that_no_simulator_takes_is_the_users_error) {
  write_file(path("odd.json"), std::string_view(R"({"summary": "x", "core": "cortex-m4", "memories": [
      {"name": "f", "kind": "flash", "base": 0, "size": 65536, "wait_states": "5"}, {"name": "r", "kind": "ram", "base": 536870912, "size": 8192}]})"));
  const ProcessResult result = whit({"bench", digits(), "--target", path("odd.json").string()});
  EXPECT_EQ(result.status, 2);
  EXPECT_TRUE(holds(result, "odd.json, memories[0]: field \"wait_states\" is \"5\"\n  supported: a whole number, 0 to 1000"));
}

}  // namespace
}  // namespace whit::test
