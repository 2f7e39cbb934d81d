// Crew: threads on which work may block.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <thread>
#include <vector>

namespace holdfast::net {

/// What is posted to io() is done in the order in which it was posted, by as many threads as there are. Thread-safe but
/// for join().
class Crew {
 public:
  /// Throws std::system_error when the system lets the process have no more threads. An asio::thread_pool would then
  /// wait for ever for the threads that it has got.
  explicit Crew(unsigned count) : io_(static_cast<int>(count)) {
    try {
      for (unsigned at = 0; at < count; ++at) threads_.emplace_back([this]() noexcept { io_.run(); });
    } catch (...) {
      end();
      throw;
    }
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew() { end(); }

  [[nodiscard]] boost::asio::io_context& io() noexcept { return io_; }
  /// What waits is not begun any more.
  void stop() { io_.stop(); }
  /// Returns when all that was posted is done, or after stop() what runs. Nothing can be posted after it.
  void join() {
    work_.reset();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  void end() {
    stop();
    join();
  }

  boost::asio::io_context io_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_{io_.get_executor()};
  std::vector<std::thread> threads_;
};

}  // namespace holdfast::net
