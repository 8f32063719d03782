// SPDX-License-Identifier: Apache-2.0
// Folders for what is built and run on the way, gone when the program is.
#pragma once

#include <filesystem>

namespace whit {

// A folder that is gone when this is. UserError when none can be made.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;
  ~TemporaryFolder();
  const std::filesystem::path &path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// From now on an interrupt, a hang-up or a request to end removes the temporary folders first, then ends the program by
// that signal. To be called once, before any thread is started.
void remove_temporary_folders_when_interrupted();

}  // namespace whit
