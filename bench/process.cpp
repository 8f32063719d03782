// SPDX-License-Identifier: Apache-2.0
// posix_spawn with pipes.
#include "bench/process.hpp"

#include <array>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compiler/base/error.hpp"

extern char **environ;

namespace whit {

namespace {

// Closes its ends; `take` hands one over instead.
class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0)
      throw UserError({"", "no more pipes: " + std::string(std::strerror(errno)), "", "raise `ulimit -n`"});
  }
  Pipe(const Pipe &) = delete;
  Pipe &operator=(const Pipe &) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_write_end() { close_end(1); }
  int take(size_t end) { return std::exchange(ends_[end], -1); }

 private:
  void close_end(size_t end) {
    if (const int descriptor = take(end); descriptor >= 0) close(descriptor);
  }
  std::array<int, 2> ends_{-1, -1};
};

// Starts the command with those standard streams (-1: /dev/null). Returns -1 when it cannot be started.
pid_t spawn(const std::vector<std::string> &command, int input, int output, int error) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_t attributes;  // our blocked signals (temporary_folder.cpp) are not the program's
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
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
  if (posix_spawnp(&process, arguments[0], &actions, &attributes, arguments.data(), environ) != 0) process = -1;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return process;
}

int wait_for(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0)
    if (errno != EINTR) return 128;  // whoever runs us reaps its children: how it ended is not known, so it did not end well
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
  Pipe output;
  const pid_t process = spawn(command, -1, output.write_end(), output.write_end());
  output.close_write_end();
  ProcessResult result;
  while (read_some(output.read_end(), result.output)) {
  }
  result.status = process < 0 ? 127 : wait_for(process);
  return result;
}

LineProcess::LineProcess(const std::vector<std::string> &command) : program_(command.at(0)) {
  std::signal(SIGPIPE, SIG_IGN);  // a program that has ended shows up as a failed write
  Pipe to, from;
  process_ = spawn(command, to.read_end(), from.write_end(), STDERR_FILENO);
  to_ = to.take(1);
  from_ = from.take(0);
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

std::filesystem::path program_folder() {
  std::error_code code;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", code);
  return code ? std::filesystem::current_path() : program.parent_path();
}

}  // namespace whit
