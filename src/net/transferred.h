// Transferred: who waits for the outcome of a read, a write or a handshake.
#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <utility>

namespace holdfast::net {

/// A handler of any type, called once. It goes on where the operation ends: unlike Asio's any_completion_handler it names no
/// executor of its own, so that the operations below it are one piece of code for all handlers.
class Transferred {
 public:
  template <class Handler>
  explicit Transferred(Handler handler) : held_(std::make_unique<Held<Handler>>(std::move(handler))) {}

  void operator()(boost::system::error_code failed, std::size_t count = 0) {
    auto* held = held_.get();
    held->go_on(std::move(held_), failed, count);
  }

 private:
  struct Waiting {
    virtual ~Waiting() = default;
    virtual void go_on(std::unique_ptr<Waiting> self, boost::system::error_code failed, std::size_t count) = 0;
  };

  template <class Handler>
  struct Held final : Waiting {
    explicit Held(Handler&& waits) : handler(std::move(waits)) {}
    void go_on(std::unique_ptr<Waiting> self, boost::system::error_code failed, std::size_t count) override {
      Handler last = std::move(handler);
      self.reset();  // Its memory is free for the next operation, which the handler starts.
      std::move(last)(failed, count);
    }
    Handler handler;
  };

  std::unique_ptr<Waiting> held_;
};

}  // namespace holdfast::net
