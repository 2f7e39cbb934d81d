// JointQueue: requests that wait to be finished together.
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>

#include "base/transport.h"

namespace holdfast::net {

/// A thread finishes what stands in the queue, and then what has come meanwhile; nobody else waits for it with one.
/// Thread-safe. `finisher` ends before it does; one thread is enough, and the same one finds its memory warm.
class JointQueue {
 public:
  using Done = boost::asio::any_completion_handler<void(Result<void>)>;

  /// Longer ones would gain little and make their first request wait.
  static constexpr std::size_t batch_max = 256;

  JointQueue(HttpService& service, boost::asio::io_context& finisher) : service_(service), finisher_(finisher) {}

  /// Completes with what HttpService::finish gave for `work`, which stays until then, on the executor of `token`.
  template <class Token>
  auto async_finish(JointWork& work, Token&& token) {
    return boost::asio::async_initiate<Token, void(Result<void>)>(
        [this](auto handler, JointWork* asked) { add(*asked, Done(std::move(handler))); }, token, &work);
  }

 private:
  struct Waiting {
    JointWork* work = nullptr;
    Done done;
  };
  void add(JointWork& work, Done done);
  void finish_all();
  /// Empty when there are none; then nobody finishes any more.
  std::deque<Waiting> take();

  HttpService& service_;
  boost::asio::io_context& finisher_;
  std::mutex mutex_;             // Guards what follows.
  std::deque<Waiting> waiting_;  // As long as there are connections.
  bool is_finishing_ = false;
};

}  // namespace holdfast::net
