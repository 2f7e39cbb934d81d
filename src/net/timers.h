// Timers: the waiting tasks of a Loop, in the order in which they are due.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <mutex>

#include "holdfast/time.h"

namespace holdfast::net {

/// The current tick of the machine's monotonic clock.
Tick tick_now();

/// Thread-safe. Runs tasks on the thread of `io`, by tick and then by the order in which they were added.
class Timers {
 public:
  /// `io` outlives it.
  explicit Timers(boost::asio::io_context& io) : io_(io), alarm_(io) {}

  void add(Tick at, std::function<void()> task);
  /// Drops what waits, and everything to come. Only when the thread of `io` has ended.
  void shut();

 private:
  void arm();
  void run_due();

  boost::asio::io_context& io_;
  boost::asio::steady_timer alarm_;  ///< Touched on the thread of `io_` only.
  std::mutex mutex_;
  std::multimap<Tick, std::function<void()>> waiting_;
  bool is_shut_ = false;
};

}  // namespace holdfast::net
