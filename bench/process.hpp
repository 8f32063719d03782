// SPDX-License-Identifier: Apache-2.0
// Other programs: run to the end (compilers), or kept open and talked to line by line (simulators). No shell between.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace whit {

struct ProcessResult {
  int status = 0;        // exit status; 127 when the program was not found, 128 + signal when killed
  std::string output{};  // standard output and error together
};

ProcessResult run_process(const std::vector<std::string> &command);

// A program that answers one line for each line it is sent.
class LineProcess {
 public:
  explicit LineProcess(const std::vector<std::string> &command);
  LineProcess(const LineProcess &) = delete;
  LineProcess &operator=(const LineProcess &) = delete;
  ~LineProcess();

  // Sends a line and waits for the answer. UserError when the program has ended or cannot be started.
  std::string ask(const std::string &line);

 private:
  std::string program_;
  pid_t process_ = -1;
  int to_ = -1;
  int from_ = -1;
  std::string unread_;
};

// The folder that this program was started from.
std::filesystem::path program_folder();

}  // namespace whit
