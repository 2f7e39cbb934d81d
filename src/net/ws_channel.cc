#include "net/ws_channel.h"

#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <utility>

#include "net/awaiting.h"

namespace holdfast::net {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

namespace {

// A closing handshake that takes longer is not waited for; short, because stop() of a server waits for it.
constexpr std::chrono::seconds closing_time_max{2};
constexpr std::size_t buffer_bytes_kept_max = 4U << 10U;  // Times ten thousand idle sockets.
constexpr int unsupported_frame = 1003;

std::string with_code(int code, std::string_view reason) {
  return std::to_string(code) + (reason.empty() ? "." : ": " + std::string(reason));
}

}  // namespace

WsChannel::WsChannel(WsStream stream, std::shared_ptr<FrameQueue> queue)
    : stream_(std::move(stream)), executor_(stream_.get_executor()), queue_(std::move(queue)), guard_(executor_) {
  stream_.auto_fragment(false);
  stream_.text(true);
}

asio::awaitable<Error> WsChannel::converse(std::shared_ptr<WsChannel> self,
                                           std::function<void(std::string_view)> on_frame) {
  self->is_open_ = true;
  self->pump();
  beast::flat_buffer buffer;
  boost::system::error_code ended;
  while (!ended) {
    auto [failed, count] = co_await self->stream_.async_read(buffer, as_result);
    ended = failed;
    if (!failed && self->stream_.got_text()) {
      on_frame(std::string_view(static_cast<const char*>(buffer.cdata().data()), buffer.size()));
    } else if (!failed && self->queue_->close({unsupported_frame, "Only text frames are taken."}, Waiting::dropped)) {
      self->pump();
    }
    buffer.consume(buffer.size());
    if (buffer.capacity() > buffer_bytes_kept_max) buffer.shrink_to_fit();
  }
  auto reason = self->end_reason(ended);
  self->is_open_ = false;
  self->queue_->end();
  self->guard_.cancel();
  self->cut();
  co_return reason;
}

asio::awaitable<void> WsChannel::write(std::shared_ptr<WsChannel> self) {
  boost::system::error_code failed;
  for (auto step = self->queue_->next(); !failed; step = self->queue_->next()) {
    if (step.frame != nullptr) {
      auto [reason, count] = co_await self->stream_.async_write(asio::buffer(*step.frame), as_result);
      failed = reason;
    } else if (step.closing) {
      websocket::close_reason closing(static_cast<websocket::close_code>(step.closing->code));
      closing.reason.assign(step.closing->reason.data(), step.closing->reason.size());
      auto [reason] = co_await self->stream_.async_close(closing, as_result);
      failed = reason;
    } else {
      break;
    }
  }
  self->is_writing_ = false;
  // The reader does not always notice that writing has failed. While a closing handshake runs, it does.
  const bool is_closing = failed == websocket::error::closed || failed == asio::error::operation_aborted;
  if (failed && !is_closing) self->cut();
}

void WsChannel::pump() {
  if (queue_->closing()) expect_end();
  if (!is_open_ || std::exchange(is_writing_, true)) return;
  spawn(executor_, write(shared_from_this()));
}

void WsChannel::cut() {
  beast::get_lowest_layer(stream_).close();
}

void WsChannel::expect_end() {
  if (std::exchange(is_guarded_, true)) return;
  guard_.expires_after(closing_time_max);
  guard_.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    if (!cancelled) self->cut();
  });
}

Error WsChannel::end_reason(const boost::system::error_code& code) const {
  const auto closing = queue_->closing();
  if (code == websocket::error::closed && !closing) {
    const auto& theirs = stream_.reason();
    return Error{Code::closed,
                 "The other side closed the WebSocket with " +
                     with_code(theirs.code, std::string_view(theirs.reason.data(), theirs.reason.size()))};
  }
  if (closing) {
    return Error{Code::closed, "The WebSocket was closed here with " + with_code(closing->code, closing->reason)};
  }
  if (code == websocket::error::message_too_big || code == websocket::error::buffer_overflow) {
    return Error{Code::limit_exceeded, "A WebSocket frame was larger than is taken here."};
  }
  if (code == beast::error::timeout) return Error{Code::timed_out, "The WebSocket was silent for too long."};
  if (code.category() == websocket::make_error_code(websocket::error::closed).category()) {
    return Error{Code::malformed, "The other side broke the rules of WebSockets: " + code.message() + "."};
  }
  return Error{Code::unavailable, "The WebSocket's connection was lost: " + code.message() + "."};
}

WsHandle::WsHandle(std::shared_ptr<Gate> gate, std::shared_ptr<FrameQueue> queue, std::weak_ptr<WsChannel> channel)
    : gate_(std::move(gate)), queue_(std::move(queue)), channel_(std::move(channel)) {}

void WsHandle::send(SharedFrame frame) {
  if (queue_->push(std::move(frame))) wake();
}

void WsHandle::close(Closing closing, Waiting waiting) {
  if (queue_->close(std::move(closing), waiting)) wake();
}

void WsHandle::wake() {
  gate_->pass([this] {
    if (auto channel = channel_.lock()) {
      asio::post(channel->executor(), [channel] { channel->pump(); });
    }
  });
}

}  // namespace holdfast::net
