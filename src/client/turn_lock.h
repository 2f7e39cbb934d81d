// TurnLock: the device's lock, which knows who holds it.
#pragma once

#include <atomic>
#include <mutex>

#include "client/effect_queue.h"

namespace holdfast {

/// A mutex that can tell its holder from everyone else: a call into the store from inside the application's own code
/// under the lock is refused instead of waiting for itself. Thread-safe.
class TurnLock {
 public:
  void lock() {
    mutex_.lock();
    holder_ = std::this_thread::get_id();
  }
  void unlock() {
    holder_ = ThreadId();
    mutex_.unlock();
  }
  /// Whether the calling thread holds it.
  [[nodiscard]] bool is_mine() const noexcept { return holder_ == std::this_thread::get_id(); }

 private:
  std::mutex mutex_;
  std::atomic<ThreadId> holder_ = ThreadId();  ///< Default: nobody.
};

}  // namespace holdfast
