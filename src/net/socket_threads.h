// SocketThreads: the threads of a server's sockets, each with an event loop of its own.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <deque>
#include <thread>

namespace holdfast::net {

/// One thread and its loop. A connection stays with it, so what it does needs no strand, and what it allocates is freed
/// where it was allocated.
class SocketThread {
 public:
  [[nodiscard]] boost::asio::io_context& io() noexcept { return io_; }
  void start() {
    thread_ = std::thread([this]() noexcept { io_.run(); });
  }
  void stop() {
    work_.reset();
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  std::atomic<std::size_t> connections = 0;  ///< Counted by whoever adds and removes them.

 private:
  boost::asio::io_context io_{1};  // One thread runs it; any may post to it.
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
  std::thread thread_;
};

/// stop() before it is destroyed. Otherwise thread-safe.
class SocketThreads {
 public:
  explicit SocketThreads(unsigned count) {
    for (unsigned at = 0; at < std::max(1U, count); ++at) threads_.emplace_back();
  }
  [[nodiscard]] SocketThread& first() noexcept { return threads_.front(); }
  /// For the next connection.
  [[nodiscard]] SocketThread& least_busy() noexcept {
    return *std::min_element(threads_.begin(), threads_.end(), [](const auto& one, const auto& other) {
      return one.connections < other.connections;
    });
  }
  void start() {
    for (auto& thread : threads_) thread.start();
  }
  void stop() {
    for (auto& thread : threads_) thread.stop();
  }

 private:
  std::deque<SocketThread> threads_;  // Where they are: connections refer to their loops.
};

}  // namespace holdfast::net
