// CPUs for a caller and a server that answer each other in turns, as if each had a machine of its own.
#pragma once

#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <thread>
#include <vector>

namespace holdfast::bench {

/// A CPU for the caller alone. Threads that are made while this lives, before take(), run on the others. With one CPU
/// nothing is done.
class OwnCpu {
 public:
  OwnCpu() {
    if (pthread_getaffinity_np(pthread_self(), sizeof before_, &before_) != 0 || CPU_COUNT(&before_) < 2) return;
    while (!CPU_ISSET(own_, &before_)) ++own_;
    auto others = before_;
    CPU_CLR(own_, &others);
    is_taken_ = run_on(others);
    for (unsigned cpu = 0; is_taken_ && cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(cpu, &others)) awake_.emplace_back([this, cpu] { stay_awake(cpu); });
    }
  }
  ~OwnCpu() {
    is_over_ = true;
    for (auto& thread : awake_) thread.join();
    if (is_taken_) run_on(before_);
  }
  OwnCpu(const OwnCpu&) = delete;
  OwnCpu& operator=(const OwnCpu&) = delete;

  /// The calling thread runs there from now on.
  void take() const {
    if (is_taken_) run_on(only(own_));
  }

 private:
  static bool run_on(const cpu_set_t& cpus) { return pthread_setaffinity_np(pthread_self(), sizeof cpus, &cpus) == 0; }
  static cpu_set_t only(unsigned cpu) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    return one;
  }
  /// A virtual machine's CPU that has nothing to do is the host's, and comes back after up to half a millisecond. Whoever
  /// has something to do goes before this thread at once.
  void stay_awake(unsigned cpu) const {
    const sched_param none{};
    if (!run_on(only(cpu)) || pthread_setschedparam(pthread_self(), SCHED_IDLE, &none) != 0) return;
    while (!is_over_) {
#ifdef __SSE2__
      __builtin_ia32_pause();
#endif
    }
  }

  cpu_set_t before_{};
  unsigned own_ = 0;
  bool is_taken_ = false;
  std::atomic<bool> is_over_ = false;
  std::vector<std::thread> awake_;
};

}  // namespace holdfast::bench
