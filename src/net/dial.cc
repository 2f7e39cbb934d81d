#include "net/dial.h"

#include <boost/asio/this_coro.hpp>
#include <string>
#include <utility>
#include <vector>

#include "net/awaiting.h"

namespace holdfast::net {
namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

namespace {

/// "No connection to host:port: reason". Code: unavailable, or timed_out when that was the reason.
Error connect_failed(const Url& url, const boost::system::error_code& reason) {
  const bool is_late = reason == asio::error::timed_out || reason == beast::error::timeout;
  const auto why = is_late ? make_error_code(asio::error::timed_out) : reason;
  return Error{is_late ? Code::timed_out : Code::unavailable,
               "No connection to " + url.host + ":" + std::to_string(url.port) + ": " + why.message() + "."};
}

/// At least one endpoint. An address is taken as it stands; only names are looked up. Code: unavailable.
asio::awaitable<Result<std::vector<tcp::endpoint>>> resolve(Url url) {
  std::vector<tcp::endpoint> endpoints;
  boost::system::error_code is_name;
  const auto address = asio::ip::make_address(url.host, is_name);
  if (!is_name) {
    endpoints.emplace_back(address, url.port);
    co_return endpoints;
  }
  tcp::resolver resolver(co_await asio::this_coro::executor);
  auto [failed, found] =
      co_await resolver.async_resolve(url.host, std::to_string(url.port), tcp::resolver::numeric_service, as_result);
  if (failed) co_return connect_failed(url, failed);
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  co_return endpoints;
}

bool is_secure(const Url& url) { return url.scheme == "https" || url.scheme == "wss"; }

}  // namespace

asio::awaitable<std::optional<Error>> dial(std::shared_ptr<Stream> stream, std::shared_ptr<ClientTrust> trust, Url url,
                                           DialOptions options) {
  auto endpoints = co_await resolve(url);
  if (!endpoints) co_return std::move(endpoints).error();
  if (!options.is_wanted()) co_return connect_failed(url, asio::error::operation_aborted);
  stream->expires_after(options.step_time_max);
  auto [unconnected, endpoint] = co_await stream->next_layer().async_connect(*endpoints, as_result);
  if (unconnected) co_return connect_failed(url, unconnected);
  boost::system::error_code ignored;
  stream->socket().set_option(tcp::no_delay(true), ignored);
  if (is_secure(url)) {
    auto context = trust->context();
    if (!context) co_return std::move(context).error();
    stream->expires_after(options.step_time_max);
    auto [failed, used] = co_await stream->async_secure(**context, url.host, asio::const_buffer(), as_result);
    if (failed) co_return Error{Code::unavailable, "No TLS with " + url.authority + ": " + tls_failure(failed) + "."};
  }
  stream->expires_never();
  co_return std::nullopt;
}

}  // namespace holdfast::net
