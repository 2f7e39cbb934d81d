// EffectQueue: what the engine asks of the network, carried out in the order it was asked.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace holdfast {

/// Who runs the tasks, so that a call from inside one is recognised; no thread is started here.
using ThreadId = decltype(std::this_thread::get_id());

/// Tasks leave in the order of push(), by one thread at a time, with no lock held. Thread-safe.
class EffectQueue {
 public:
  /// Appends; runs nothing. Dropped after close().
  void push(std::function<void()> task);
  /// Runs what waits, unless a thread does so already: that thread then runs ours too.
  void run();
  /// Drops what waits and returns when no task is running on another thread; nothing runs afterwards.
  void close();
  /// Returns when no task is running on another thread. Inside a task: at once.
  void settle();

 private:
  [[nodiscard]] bool is_running_elsewhere() const;

  std::mutex mutex_;
  std::condition_variable idle_;
  std::deque<std::function<void()>> tasks_;
  ThreadId runner_;   ///< Default: none.
  bool is_closed_ = false;
};

}  // namespace holdfast
