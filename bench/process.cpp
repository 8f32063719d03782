// SPDX-License-Identifier: Apache-2.0
// posix_spawn with pipes.
#include "bench/process.hpp"

#include <array>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compiler/base/error.hpp"

extern char **environ;

namespace whit {

namespace {

std::array<int, 2> open_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw UserError({"", "no more pipes: " + std::string(std::strerror(errno)), "", ""});
  return ends;
}

// Starts the command with those standard streams (-1: /dev/null). Returns -1 when it cannot be started.
pid_t spawn(const std::vector<std::string> &command, int input, int output, int error) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  const auto connect = [&](int descriptor, int stream) {
    if (descriptor < 0)
      posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
    else
      posix_spawn_file_actions_adddup2(&actions, descriptor, stream);
  };
  connect(input, STDIN_FILENO);
  connect(output, STDOUT_FILENO);
  connect(error, STDERR_FILENO);
  std::vector<char *> arguments;
  for (const std::string &argument : command) arguments.push_back(const_cast<char *>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_t process = -1;
  if (posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) process = -1;
  posix_spawn_file_actions_destroy(&actions);
  return process;
}

int wait_for(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Appends what there is to read; false at the end.
bool read_some(int descriptor, std::string &text) {
  std::array<char, 65536> buffer;
  ssize_t count = 0;
  do count = read(descriptor, buffer.data(), buffer.size());
  while (count < 0 && errno == EINTR);
  if (count > 0) text.append(buffer.data(), static_cast<size_t>(count));
  return count > 0;
}

}  // namespace

ProcessResult run_process(const std::vector<std::string> &command) {
  const auto output = open_pipe();
  const pid_t process = spawn(command, -1, output[1], output[1]);
  close(output[1]);
  ProcessResult result;
  while (read_some(output[0], result.output)) {
  }
  close(output[0]);
  result.status = process < 0 ? 127 : wait_for(process);
  return result;
}

LineProcess::LineProcess(const std::vector<std::string> &command) : program_(command.at(0)) {
  std::signal(SIGPIPE, SIG_IGN);  // a program that has ended shows up as a failed write
  const auto to = open_pipe(), from = open_pipe();
  process_ = spawn(command, to[0], from[1], STDERR_FILENO);
  close(to[0]);
  close(from[1]);
  to_ = to[1];
  from_ = from[0];
}

LineProcess::~LineProcess() {
  close(to_);
  close(from_);
  if (process_ >= 0) wait_for(process_);
}

std::string LineProcess::ask(const std::string &line) {
  const std::string message = line + "\n";
  size_t sent = 0;
  while (process_ >= 0 && sent < message.size()) {
    const ssize_t count = write(to_, message.data() + sent, message.size() - sent);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    sent += static_cast<size_t>(count);
  }
  size_t end = std::string::npos;
  while (sent == message.size() && (end = unread_.find('\n')) == std::string::npos)
    if (!read_some(from_, unread_)) break;
  if (end == std::string::npos)
    throw UserError({program_, "the program could not be started or ended without an answer", "",
                     "run `make build`, which builds it beside whit"});
  std::string answer = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  return answer;
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "whit-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr)
    throw UserError({name, "cannot make a temporary folder", "", "set TMPDIR to a writable folder"});
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path program_folder() {
  std::error_code code;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", code);
  return code ? std::filesystem::current_path() : program.parent_path();
}

}  // namespace whit
