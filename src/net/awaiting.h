// How this room's coroutines wait: an operation's error code is part of its result; nothing is thrown.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace holdfast::net {

/// `auto [failed, count] = co_await socket.async_read_some(buffer, as_result);`
inline constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

/// For co_spawn. A coroutine of ours ends by an exception only when a callback of its user threw one, or memory ran
/// out: the thread's noexcept main function then ends the program.
inline constexpr auto rethrow = [](const std::exception_ptr& thrown) {
  if (thrown) std::rethrow_exception(thrown);
};

/// Lets a coroutine go its own way on `executor`; it may begin at once.
void spawn(const boost::asio::any_io_executor& executor, boost::asio::awaitable<void> coroutine);

}  // namespace holdfast::net
