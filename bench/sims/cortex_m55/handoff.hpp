// SPDX-License-Identifier: GPL-2.0-or-later
// Two threads that take turns: the emulated core, and the loop over samples that says where it should run to. While one
// runs, the other waits.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>

namespace whit::sims {

class Handoff {
 public:
  // The core: stands still until the loop lets it go. What the loop wants done by the core's own thread is done here.
  void arrive() {
    std::unique_lock lock(mutex_);
    core_stands_ = true;
    changed_.notify_all();
    for (;;) {
      changed_.wait(lock, [&] { return !core_stands_ || job_; });
      if (!core_stands_) return;
      job_();
      job_ = nullptr;
      changed_.notify_all();
    }
  }

  // The loop: waits until the core stands still.
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return core_stands_; });
  }

  // The loop: lets the core run until it arrives again.
  void run() {
    {
      const std::lock_guard lock(mutex_);
      core_stands_ = false;
    }
    changed_.notify_all();
    wait();
  }

  // The loop: has the core's thread do something while it stands. `job` must not throw.
  void do_there(std::function<void()> job) {
    std::unique_lock lock(mutex_);
    job_ = std::move(job);
    changed_.notify_all();
    changed_.wait(lock, [&] { return !job_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> job_;
  bool core_stands_ = false;
};

}  // namespace whit::sims
