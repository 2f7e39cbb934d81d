// Turns: a bound on how many do something at once; those beyond wait without a thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <mutex>

namespace holdfast::net {

/// Thread-safe; first come, first served.
class Turns {
 public:
  /// 0: without bound.
  explicit Turns(unsigned most) : is_bounded_(most > 0), free_(most) {}

  /// Completes on the caller's executor, a strand, when it is the caller's turn; each needs a give_back().
  /// `self` outlives the coroutine.
  static boost::asio::awaitable<void> take(Turns& self);
  void give_back();

 private:
  using Alarm = std::shared_ptr<boost::asio::steady_timer>;  // Shared by who waits and who wakes it.

  const bool is_bounded_;
  std::mutex mutex_;
  unsigned free_;
  std::deque<Alarm> waiting_;
};

}  // namespace holdfast::net
