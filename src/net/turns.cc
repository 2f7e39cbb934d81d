#include "net/turns.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "net/awaiting.h"

namespace holdfast::net {
namespace asio = boost::asio;

asio::awaitable<void> Turns::take(Turns& self) {
  if (!self.is_bounded_) co_return;
  auto executor = co_await asio::this_coro::executor;
  Alarm alarm;
  {
    const std::lock_guard lock(self.mutex_);
    if (self.free_ > 0) {
      --self.free_;
      co_return;
    }
    alarm = std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
    self.waiting_.push_back(alarm);
  }
  // The alarm is touched on this executor only: woken before it waits here, it has expired already.
  co_await alarm->async_wait(as_result);
}

void Turns::give_back() {
  if (!is_bounded_) return;
  Alarm next;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
      ++free_;
      return;
    }
    next = std::move(waiting_.front());
    waiting_.pop_front();
  }
  // The turn passes on, so that nobody can step in between.
  asio::post(next->get_executor(), [next] { next->expires_at(asio::steady_timer::time_point::min()); });
}

}  // namespace holdfast::net
