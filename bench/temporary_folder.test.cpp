// SPDX-License-Identifier: Apache-2.0
// Folders go with their owner, and with an interrupted program.
#include "bench/temporary_folder.hpp"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compiler/base/error.hpp"

namespace whit {
namespace {

namespace fs = std::filesystem;

TEST(TemporaryFolder, goes_with_its_owner) {
  fs::path path;
  {
    const TemporaryFolder folder;
    path = folder.path();
    EXPECT_TRUE(fs::is_directory(path));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(TemporaryFolder, a_missing_parent_is_the_users_error) {
  const char *set = std::getenv("TMPDIR");
  const std::string before = set == nullptr ? "" : set;
  setenv("TMPDIR", "/nonexistent/folder", 1);
  EXPECT_THROW(TemporaryFolder(), UserError);
  if (before.empty()) unsetenv("TMPDIR");
  else setenv("TMPDIR", before.c_str(), 1);
}

// The child makes a folder, tells its name, and is ended from outside.
TEST(TemporaryFolder, goes_when_the_program_is_interrupted) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    remove_temporary_folders_when_interrupted();
    const TemporaryFolder folder;
    const std::string name = folder.path().string();
    if (write(ends[1], name.data(), name.size()) < 0) _exit(1);
    for (;;) pause();
  }
  char name[256] = {};
  ASSERT_GT(read(ends[0], name, sizeof name - 1), 0);
  EXPECT_TRUE(fs::is_directory(name));
  kill(child, SIGTERM);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
  EXPECT_FALSE(fs::exists(name));
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace whit
