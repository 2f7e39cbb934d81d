// Gate: lets work pass to an event loop for as long as the loop exists.
#pragma once

#include <mutex>
#include <utility>

namespace holdfast::net {

/// Thread-safe. Handles that outlive their loop hold it; whoever owns the loop shuts it before destroying the loop,
/// so nothing inside pass() ever touches a loop that is gone.
class Gate {
 public:
  /// Calls `work` at once, unless the gate is shut. `work` only posts: it must not pass the gate again.
  template <class Work>
  void pass(Work&& work) {
    const std::lock_guard lock(mutex_);
    if (is_open_) std::forward<Work>(work)();
  }

  void shut() {
    const std::lock_guard lock(mutex_);
    is_open_ = false;
  }

 private:
  std::mutex mutex_;
  bool is_open_ = true;
};

}  // namespace holdfast::net
