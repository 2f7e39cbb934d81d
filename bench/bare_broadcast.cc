#include "bench/bare_broadcast.h"

#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <mutex>
#include <vector>

#include "bench/bare_listener.h"

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
  Inside() {
    listener_.start([this](tcp::socket socket) {
      const auto connection = std::make_shared<Connection>(std::move(socket));
      const std::lock_guard lock(mutex_);
      connections_.push_back(connection);
      return serve(connection);
    });
  }
  ~Inside() { listener_.stop(); }
  std::uint16_t port() const { return listener_.port(); }

  void send(std::string text) {
    const auto frame = std::make_shared<const std::string>(std::move(text));
    const std::lock_guard lock(mutex_);
    for (const auto& each : connections_) {
      asio::post(each->stream.get_executor(), [each, frame] { each->push(frame); });
    }
  }

 private:
  BareListener listener_;  // First: it outlives the connections.
  std::mutex mutex_;
  std::vector<std::shared_ptr<Connection>> connections_;
};

BareBroadcast::BareBroadcast() : inside_(std::make_unique<Inside>()) {}
BareBroadcast::~BareBroadcast() = default;
std::uint16_t BareBroadcast::port() const noexcept { return inside_->port(); }
void BareBroadcast::send(std::string frame) { inside_->send(std::move(frame)); }

}  // namespace holdfast::bench
