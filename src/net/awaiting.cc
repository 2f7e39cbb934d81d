#include "net/awaiting.h"

#include <boost/asio/co_spawn.hpp>
#include <utility>

namespace holdfast::net {

void spawn(const boost::asio::any_io_executor& executor, boost::asio::awaitable<void> coroutine) {
  boost::asio::co_spawn(executor, std::move(coroutine), rethrow);
}

}  // namespace holdfast::net
