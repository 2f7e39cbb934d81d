// Transferred: who waits for the outcome of a read, a write or a handshake.
#pragma once

#include <boost/system/error_code.hpp>
#include <cstddef>
#include <memory>
#include <utility>

namespace holdfast::net {

/// A handler of any type, called once. It goes on where the operation ends: unlike Asio's any_completion_handler it
/// names no executor of its own, so that the operations below it are one piece of code for all handlers. Two functions
/// instead of a class with virtual ones, whose tables and names would outweigh them.
class Transferred {
 public:
  template <class Handler>
  explicit Transferred(Handler handler)
      : held_(new Handler(std::move(handler)), [](void* held) { delete static_cast<Handler*>(held); }),
        go_on_([](Held held, boost::system::error_code failed, std::size_t count) {
          Handler last = std::move(*static_cast<Handler*>(held.get()));
          held.reset();  // Its memory is free for the next operation, which the handler starts.
          std::move(last)(failed, count);
        }) {}

  void operator()(boost::system::error_code failed, std::size_t count = 0) { go_on_(std::move(held_), failed, count); }

 private:
  using Held = std::unique_ptr<void, void (*)(void*)>;

  Held held_;
  void (*go_on_)(Held, boost::system::error_code, std::size_t);
};

}  // namespace holdfast::net
