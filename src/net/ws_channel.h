// WsChannel: an established WebSocket of either side, and the handle by which other threads reach it.
// For .cc files that include Beast anyway.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/websocket.hpp>
#include <functional>
#include <memory>
#include <string_view>

#include "holdfast/result.h"
#include "net/frame_queue.h"
#include "net/gate.h"
#include "net/stream.h"

namespace holdfast::net {

// Without permessage-deflate and its code: AppSync and its clients do not offer it.
using WsStream = boost::beast::websocket::stream<Stream, false>;

/// Used on its stream's executor only, except executor(). Once it has been told to close, or its
/// queue has closed itself, the connection ends within a bound, whatever the other side does.
/// Shared: its coroutines hold it while they run.
class WsChannel : public std::enable_shared_from_this<WsChannel> {
 public:
  WsChannel(WsStream stream, std::shared_ptr<FrameQueue> queue);

  [[nodiscard]] WsStream& stream() noexcept { return stream_; }
  [[nodiscard]] FrameQueue& queue() noexcept { return *queue_; }
  [[nodiscard]] const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

  /// From the handshake to the end: writes what the queue holds and passes each text frame on. Returns why it
  /// ended. Codes: closed (by either side), unavailable (connection lost), timed_out, malformed, limit_exceeded.
  static boost::asio::awaitable<Error> converse(std::shared_ptr<WsChannel> self,
                                                std::function<void(std::string_view)> on_frame);

  /// Acts on what the queue holds now.
  void pump();
  /// Closes the connection below, without a closing handshake.
  void cut();

 private:
  static boost::asio::awaitable<void> write(std::shared_ptr<WsChannel> self);
  void expect_end();
  [[nodiscard]] Error end_reason(const boost::system::error_code& code) const;

  WsStream stream_;
  const boost::asio::any_io_executor executor_;
  // Shared with the handle, which may outlive the channel.
  std::shared_ptr<FrameQueue> queue_;
  boost::asio::steady_timer guard_;
  bool is_open_ = false;
  bool is_writing_ = false;
  bool is_guarded_ = false;
};

/// Thread-safe. Bears that the channel and its event loop are gone.
class WsHandle {
 public:
  WsHandle(std::shared_ptr<Gate> gate, std::shared_ptr<FrameQueue> queue, std::weak_ptr<WsChannel> channel);
  void send(SharedFrame frame);
  void close(Closing closing, Waiting waiting);

 private:
  void wake();

  std::shared_ptr<Gate> gate_;
  std::shared_ptr<FrameQueue> queue_;
  std::weak_ptr<WsChannel> channel_;
};

}  // namespace holdfast::net
