// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/sims/cortex_m55/launch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "bench/sims/cortex_m55/bootstrap.hpp"

namespace whit::sims {
namespace {

constexpr int no_such_program = 127;
constexpr const char *needed = "this simulator needs qemu-system-arm 7.2 (Debian 12's package `qemu-system-arm`)";

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {
    if (fd < 0) throw std::runtime_error("no file descriptor is left");
  }
  ~FileDescriptor() { close(); }
  FileDescriptor(const FileDescriptor &) = delete;
  FileDescriptor &operator=(const FileDescriptor &) = delete;
  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

struct Channel {
  Channel() : Channel(pair()) {}
  FileDescriptor here, there;

 private:
  explicit Channel(std::array<int, 2> fds) : here(fds[0]), there(fds[1]) {}
  static std::array<int, 2> pair() {
    std::array<int, 2> fds{-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) != 0) throw std::runtime_error("no socket is left");
    return fds;
  }
};

std::vector<std::string> command_line(const std::string &emulator, const std::string &plugin, int fd) {
  const auto first = fmt::format("loader,addr={:#x},data={:#x},data-len=4", bootstrap_base, bootstrap_start);
  const auto start = fmt::format("loader,addr={:#x},cpu-num=0", bootstrap_base | 1);
  return {emulator, "-M", "mps3-an547", "-display", "none", "-monitor", "none", "-serial", "none", "-device", first,
          "-device", start, "-plugin", fmt::format("{},fd={}", plugin, fd)};
}

[[noreturn]] void become_qemu(std::vector<std::string> command, int channel, int errors) {
  std::vector<char *> arguments;
  for (std::string &word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  fcntl(channel, F_SETFD, 0);
  dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
  dup2(errors, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  execvp(arguments[0], arguments.data());
  _exit(no_such_program);
}

void send_line(int fd, std::string_view line) {
  for (const std::string_view part : {line, std::string_view("\n")})
    for (std::string_view rest = part; !rest.empty();) {
      const ssize_t sent = send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // it ended; the reply will be missing
      rest.remove_prefix(static_cast<size_t>(sent));
    }
}

std::string read_to_end(int fd) {
  std::string text;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t bytes = read(fd, buffer.data(), buffer.size());
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) return text;
    text.append(buffer.data(), static_cast<size_t>(bytes));
  }
}

std::string error_reply(const char *kind, const std::string &message, const std::string &line) {
  nlohmann::json reply = {{"ok", false}, {"error", {{"kind", kind}, {"message", message}}}};
  const auto request = nlohmann::json::parse(line, nullptr, false);
  if (request.is_object() && request.contains("id")) reply["id"] = request["id"];
  return reply.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string reply_without_answer(int status, const std::string &errors, const std::string &line) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == no_such_program)
    return error_reply("emulator_missing", std::string("qemu-system-arm is not installed: ") + needed, line);
  const std::string first = errors.substr(0, errors.find('\n'));
  if (first.find("Lockup") != std::string::npos)
    return error_reply("exception", "the core locked up: an exception came while another one could not be handled", line);
  return error_reply("internal", fmt::format("QEMU ended without an answer ({}); {}", first.empty() ? "it said nothing" : first, needed), line);
}

}  // namespace

std::string ask_qemu(const std::string &line, const std::string &plugin, const std::string &emulator) {
  Channel channel, errors;
  const pid_t process = fork();
  if (process < 0) throw std::runtime_error("no process is left");
  if (process == 0) become_qemu(command_line(emulator, plugin, channel.there.get()), channel.there.get(), errors.there.get());
  channel.there.close();
  errors.there.close();
  send_line(channel.here.get(), line);
  std::string reply = read_to_end(channel.here.get());
  const std::string complaints = read_to_end(errors.here.get());
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (reply.empty()) return reply_without_answer(status, complaints, line);
  while (!reply.empty() && reply.back() == '\n') reply.pop_back();
  return reply;
}

}  // namespace whit::sims
