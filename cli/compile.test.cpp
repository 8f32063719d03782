// SPDX-License-Identifier: Apache-2.0
// whit compile into folders that are not empty.
#include "cli/command_line.hpp"

namespace whit::test {
namespace {

using CompileCommandLine = CommandLine;

TEST_F(CompileCommandLine, a_folder_that_whit_made_is_renewed) {
  const std::string folder = path("firmware").string();
  EXPECT_EQ(whit({"compile", digits(), "--target", "arduino-uno", "-o", folder, "--name", "first"}).status, 0);
  write_file(path("firmware/main.cpp"), std::string_view("mine"));
  EXPECT_EQ(whit({"compile", digits(), "--target", "nucleo-l4r5zi", "-o", folder, "--name", "second"}).status, 0);
  EXPECT_FALSE(std::filesystem::exists(path("firmware/first.cpp")));
  EXPECT_TRUE(std::filesystem::exists(path("firmware/second.cpp")));
  EXPECT_NE(text_of(path("firmware/README.md")).find("# second"), std::string::npos);
  EXPECT_EQ(text_of(path("firmware/main.cpp")), "mine");
}

TEST_F(CompileCommandLine, a_project_of_the_users_is_not_overwritten) {
  write_file(path("README.md"), std::string_view("my project"));
  const ProcessResult result = whit({"compile", digits(), "--target", "arduino-uno", "-o", folder_.path().string()});
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(holds(result, "would be lost: README.md\n  supported: a new or empty folder"));
  EXPECT_TRUE(holds(result, "\n  hint: choose another folder"));
  EXPECT_EQ(text_of(path("README.md")), "my project");
  EXPECT_FALSE(std::filesystem::exists(path("digits.cpp")));
}

TEST_F(CompileCommandLine, a_file_is_no_folder) {
  write_file(path("file"), std::string_view("x"));
  const ProcessResult result = whit({"compile", digits(), "--target", "arduino-uno", "-o", path("file").string()});
  EXPECT_EQ(result.status, 1);
  EXPECT_TRUE(holds(result, "a folder, new or existing"));
}

}  // namespace
}  // namespace whit::test
