// A processor that a benchmark's caller has for itself, as clients on another machine have.
#pragma once

#include <pthread.h>
#include <sched.h>

namespace holdfast::bench {

/// Threads that are made while it lives, before take(), run on the other processors. With one processor nothing is done.
class OwnCpu {
 public:
  OwnCpu() {
    if (pthread_getaffinity_np(pthread_self(), sizeof before_, &before_) != 0 || CPU_COUNT(&before_) < 2) return;
    while (!CPU_ISSET(own_, &before_)) ++own_;
    auto others = before_;
    CPU_CLR(own_, &others);
    is_taken_ = run_on(others);
  }
  ~OwnCpu() {
    if (is_taken_) run_on(before_);
  }
  OwnCpu(const OwnCpu&) = delete;
  OwnCpu& operator=(const OwnCpu&) = delete;

  /// The calling thread runs there from now on.
  void take() const {
    if (!is_taken_) return;
    cpu_set_t own;
    CPU_ZERO(&own);
    CPU_SET(own_, &own);
    run_on(own);
  }

 private:
  static bool run_on(const cpu_set_t& processors) {
    return pthread_setaffinity_np(pthread_self(), sizeof processors, &processors) == 0;
  }

  cpu_set_t before_{};
  unsigned own_ = 0;
  bool is_taken_ = false;
};

}  // namespace holdfast::bench
