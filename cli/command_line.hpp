// SPDX-License-Identifier: Apache-2.0
// For the tests of the command line: starts the built program, and gives each test a folder of its own.
#pragma once

#include <filesystem>

#include <gtest/gtest.h>

#include "bench/process.hpp"
#include "bench/temporary_folder.hpp"
#include "compiler/base/bytes.hpp"

namespace whit::test {

class CommandLine : public testing::Test {
 protected:
  // Exit status, and standard output and error together.
  static ProcessResult whit(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), WHIT_PROGRAM);
    return run_process(arguments);
  }

  static std::string digits() { return (std::filesystem::path(WHIT_SOURCE_DIR) / "examples/digits/digits.tflite").string(); }

  std::filesystem::path path(const std::string &name) const { return folder_.path() / name; }

  static std::string text_of(const std::filesystem::path &file) {
    const Bytes bytes = read_file(file);
    return {bytes.begin(), bytes.end()};
  }

  TemporaryFolder folder_;
};

// The output, if it holds the text; otherwise a failure that shows it.
inline testing::AssertionResult holds(const ProcessResult &result, const std::string &text) {
  if (result.output.find(text) != std::string::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "no \"" << text << "\" in:\n" << result.output;
}

}  // namespace whit::test
