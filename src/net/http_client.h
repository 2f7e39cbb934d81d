// HttpClient: HTTP/1.1 exchanges over connections that are kept and reused.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "base/transport.h"
#include "net/client_trust.h"

namespace holdfast::net {

/// Everything happens on the loop's one thread. Invariant: to one host and port there are at most
/// `connections_max` connections, idle ones included; exchanges beyond wait their turn, and their timeout runs.
/// Shared: exchanges under way hold it until the loop's io_context is destroyed.
class HttpClient : public std::enable_shared_from_this<HttpClient> {
 public:
  static constexpr std::size_t connections_max = 32;
  static constexpr std::size_t idle_max = 8;
  static constexpr Milliseconds idle_time_max{30'000};

  /// `trust` is shared with the loop's sockets.
  HttpClient(boost::asio::io_context& io, std::size_t reply_bytes_max, std::shared_ptr<ClientTrust> trust)
      : io_(io), reply_bytes_max_(reply_bytes_max), trust_(std::move(trust)), sweep_(io) {}

  /// As Transport::exchange; `done` is called later or at once, on this thread.
  void start(HttpRequest request, Milliseconds timeout, std::function<void(Result<HttpResponse>)> done);

 private:
  struct Connection;
  struct Exchange;
  class Conversation;
  /// What we keep for one host and port.
  struct Place {
    std::size_t slots_taken = 0;
    std::deque<std::shared_ptr<Connection>> idle = {};    ///< Latest used last.
    std::deque<std::shared_ptr<Exchange>> waiting = {};
  };

  [[nodiscard]] std::shared_ptr<Connection> take_idle(const std::string& authority);
  void keep(const std::string& authority, std::shared_ptr<Connection> connection);
  void release_slot(const std::string& authority);
  void arm_sweep();
  void sweep();

  boost::asio::io_context& io_;
  const std::size_t reply_bytes_max_;   ///< Longer answers are refused.
  std::shared_ptr<ClientTrust> trust_;  // Shared: see the constructor.
  std::map<std::string, Place> places_;  ///< By scheme, host and port.
  boost::asio::steady_timer sweep_;
  bool is_sweep_armed_ = false;
};

}  // namespace holdfast::net
