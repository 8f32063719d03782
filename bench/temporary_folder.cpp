// SPDX-License-Identifier: Apache-2.0
// A signal handler may not remove files, so the signals are blocked everywhere and one thread waits for them.
#include "bench/temporary_folder.hpp"

#include <csignal>
#include <mutex>
#include <set>
#include <thread>

#include <unistd.h>

#include "compiler/base/error.hpp"

namespace whit {

namespace {

namespace fs = std::filesystem;

struct Register {
  std::mutex mutex{};
  std::set<fs::path> folders{};
};

// Never destroyed: the waiting thread outlives main.
Register &open_folders() {
  static auto *folders = new Register;
  return *folders;
}

void remove_whole(const fs::path &folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

[[noreturn]] void end_by(int signal, const sigset_t &blocked) {
  std::signal(signal, SIG_DFL);
  pthread_sigmask(SIG_UNBLOCK, &blocked, nullptr);
  raise(signal);
  _exit(128 + signal);
}

[[noreturn]] void wait_for_signal(const sigset_t signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
  Register &folders = open_folders();
  folders.mutex.lock();  // and kept: no folder is made any more
  for (const fs::path &folder : folders.folders) remove_whole(folder);
  end_by(signal, signals);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::error_code code;
  const fs::path parent = fs::temp_directory_path(code);
  std::string name = (parent / "whit-XXXXXX").string();
  Register &folders = open_folders();
  const std::lock_guard lock(folders.mutex);
  if (code || mkdtemp(name.data()) == nullptr)
    throw UserError({name, "cannot make a temporary folder", "", "set TMPDIR to a writable folder"}, ExitCode::usage);
  path_ = name;
  folders.folders.insert(path_);
}

TemporaryFolder::~TemporaryFolder() {
  remove_whole(path_);
  Register &folders = open_folders();
  const std::lock_guard lock(folders.mutex);
  folders.folders.erase(path_);
}

void remove_temporary_folders_when_interrupted() {
  sigset_t signals;
  sigemptyset(&signals);
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  if (pthread_sigmask(SIG_BLOCK, &signals, nullptr) == 0) std::thread(wait_for_signal, signals).detach();
}

}  // namespace whit
