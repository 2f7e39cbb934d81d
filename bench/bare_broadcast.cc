#include "bench/bare_broadcast.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "net/awaiting.h"
#include "net/http_server.h"

namespace holdfast::bench {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;

namespace {

using Frame = std::shared_ptr<const std::string>;  // Shared by all who hear it.

/// Used on its strand only. Shared: its coroutine and the list of connections hold it.
struct Connection : std::enable_shared_from_this<Connection> {
  explicit Connection(tcp::socket socket) : stream(beast::tcp_stream(std::move(socket))) {}

  void push(Frame frame) {
    waiting.push_back(std::move(frame));
    if (waiting.size() == 1) write();
  }
  void write() {
    stream.async_write(asio::buffer(*waiting.front()), [self = shared_from_this()](beast::error_code failed, std::size_t) {
      self->waiting.pop_front();
      if (!failed && !self->waiting.empty()) self->write();
    });
  }

  websocket::stream<beast::tcp_stream, false> stream;
  std::deque<Frame> waiting = {};
};

asio::awaitable<void> serve(std::shared_ptr<Connection> self) {
  self->stream.auto_fragment(false);
  self->stream.text(true);
  auto [refused] = co_await self->stream.async_accept(net::as_result);
  beast::flat_buffer buffer;
  boost::system::error_code failed = refused;
  while (!failed) {
    auto [reason, count] = co_await self->stream.async_read(buffer, net::as_result);
    failed = reason;
    buffer.clear();
  }
}

}  // namespace

class BareBroadcast::Inside {
 public:
  Inside() : acceptor_(io_, {asio::ip::make_address("127.0.0.1"), 0}) {
    asio::co_spawn(io_, accept(), asio::detached);
    for (unsigned at = 0; at < net::ListenOptions().threads; ++at) threads_.emplace_back([this] { io_.run(); });
  }
  ~Inside() {
    io_.stop();
    for (auto& thread : threads_) thread.join();
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  void send(std::string text) {
    const auto frame = std::make_shared<const std::string>(std::move(text));
    const std::lock_guard lock(mutex_);
    for (const auto& each : connections_) {
      asio::post(each->stream.get_executor(), [each, frame] { each->push(frame); });
    }
  }

 private:
  asio::awaitable<void> accept() {
    while (true) {
      auto [failed, socket] = co_await acceptor_.async_accept(asio::make_strand(io_), net::as_result);
      if (failed) co_return;
      socket.set_option(tcp::no_delay(true));
      const auto executor = socket.get_executor();
      const auto connection = std::make_shared<Connection>(std::move(socket));
      {
        const std::lock_guard lock(mutex_);
        connections_.push_back(connection);
      }
      asio::co_spawn(executor, serve(connection), asio::detached);
    }
  }

  asio::io_context io_;
  tcp::acceptor acceptor_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::vector<std::thread> threads_;
};

BareBroadcast::BareBroadcast() : inside_(std::make_unique<Inside>()) {}
BareBroadcast::~BareBroadcast() = default;
std::uint16_t BareBroadcast::port() const noexcept { return inside_->port(); }
void BareBroadcast::send(std::string frame) { inside_->send(std::move(frame)); }

}  // namespace holdfast::bench
