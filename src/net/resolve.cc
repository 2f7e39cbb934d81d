#include "net/resolve.h"

#include <boost/asio/this_coro.hpp>

#include "net/awaiting.h"

namespace holdfast::net {
namespace asio = boost::asio;
using asio::ip::tcp;

asio::awaitable<Result<std::vector<tcp::endpoint>>> resolve(std::string host, std::uint16_t port) {
  std::vector<tcp::endpoint> endpoints;
  boost::system::error_code is_name;
  const auto address = asio::ip::make_address(host, is_name);
  if (!is_name) {
    endpoints.emplace_back(address, port);
    co_return endpoints;
  }
  tcp::resolver resolver(co_await asio::this_coro::executor);
  auto [failed, found] =
      co_await resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service, as_result);
  if (failed) co_return connect_failed(host, port, failed);
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  co_return endpoints;
}

Error connect_failed(const std::string& host, std::uint16_t port, const boost::system::error_code& reason) {
  const bool is_late = reason == asio::error::timed_out;
  return Error{is_late ? Code::timed_out : Code::unavailable,
               "No connection to " + host + ":" + std::to_string(port) + ": " + reason.message() + "."};
}

}  // namespace holdfast::net
