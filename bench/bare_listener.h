// BareListener: Asio's acceptor and threads and nothing else, below the servers that figures are compared with.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <cstdint>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "net/awaiting.h"
#include "net/http_server.h"

namespace holdfast::bench {

/// Listens on a free port of 127.0.0.1, on as many threads as net::HttpServer keeps for sockets by default. Sockets
/// belong to it: whatever holds one is destroyed after stop() and before the listener.
class BareListener {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  /// Makes of a connection, which has a strand of its own, the coroutine that serves it there.
  using Serve = std::function<boost::asio::awaitable<void>(Socket socket)>;

  BareListener() : acceptor_(io_, {boost::asio::ip::make_address("127.0.0.1"), 0}) {}
  ~BareListener() { stop(); }
  BareListener(const BareListener&) = delete;
  BareListener& operator=(const BareListener&) = delete;

  void start(Serve serve) {
    serve_ = std::move(serve);
    boost::asio::co_spawn(io_, accept(), boost::asio::detached);
    for (unsigned at = 0; at < net::ListenOptions().threads; ++at) threads_.emplace_back([this] { io_.run(); });
  }
  void stop() {
    io_.stop();
    for (auto& thread : std::exchange(threads_, {})) thread.join();
  }
  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  boost::asio::awaitable<void> accept() {
    while (true) {
      auto [failed, socket] = co_await acceptor_.async_accept(boost::asio::make_strand(io_), net::as_result);
      if (failed) co_return;
      socket.set_option(boost::asio::ip::tcp::no_delay(true));
      const auto executor = socket.get_executor();
      auto serving = serve_(std::move(socket));
      boost::asio::co_spawn(executor, std::move(serving), boost::asio::detached);
    }
  }

  Serve serve_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<std::thread> threads_;
};

}  // namespace holdfast::bench
