// Stream: a TCP connection that may carry TLS, as Beast's algorithms take one. Only tls.cc compiles OpenSSL's part.
// For .cc files that include Beast anyway.
#pragma once

#include <array>
#include <boost/asio/async_result.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "net/tls.h"

namespace holdfast::net {

/// Used on its executor only.
class Stream {
 public:
  using next_layer_type = boost::beast::tcp_stream;
  using executor_type = next_layer_type::executor_type;

  explicit Stream(boost::asio::ip::tcp::socket socket) : tcp_(std::make_unique<next_layer_type>(std::move(socket))) {}
  explicit Stream(boost::asio::io_context& io) : tcp_(std::make_unique<next_layer_type>(io)) {}

  executor_type get_executor() noexcept { return tcp_->get_executor(); }
  next_layer_type& next_layer() noexcept { return *tcp_; }
  const next_layer_type& next_layer() const noexcept { return *tcp_; }

  next_layer_type::socket_type& socket() noexcept { return tcp_->socket(); }
  void expires_after(std::chrono::nanoseconds time) { tcp_->expires_after(time); }
  void expires_never() { tcp_->expires_never(); }
  void close() { tcp_->close(); }

  /// From here on all goes through TLS, beginning with its handshake.
  template <class Token>
  auto async_secure(TlsContext& context, const std::string& host, boost::asio::const_buffer read_already, Token&& token) {
    tls_ = context.layer(*tcp_, host);
    return boost::asio::async_initiate<Token, Transfer>(
        [](auto handler, Stream* self, boost::asio::const_buffer already) {
          self->tls_->handshake(already, TlsLayer::Transferred(std::move(handler)));
        },
        token, this, read_already);
  }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, Transfer>(
        [](auto handler, Stream* self, const Buffers& into) {
          if (!self->tls_) return self->tcp_->async_read_some(into, std::move(handler));
          self->tls_->read_some(first_of<boost::asio::mutable_buffer>(into), TlsLayer::Transferred(std::move(handler)));
        },
        token, this, buffers);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, Transfer>(
        [](auto handler, Stream* self, const Buffers& from) {
          if (!self->tls_) return self->tcp_->async_write_some(from, std::move(handler));
          self->tls_->write_some(self->gathered(from), TlsLayer::Transferred(std::move(handler)));
        },
        token, this, buffers);
  }

 private:
  using Transfer = void(boost::system::error_code, std::size_t);
  static constexpr std::size_t record_bytes_max = 16U << 10U;  // RFC 8446, section 5.1

  template <class Buffer, class Buffers>
  static Buffer first_of(const Buffers& buffers) {
    for (const auto part : boost::beast::buffers_range_ref(buffers)) {
      if (part.size() > 0) return part;
    }
    return {};
  }

  /// A head and a body leave in one record, as they do in one packet without TLS.
  template <class Buffers>
  boost::asio::const_buffer gathered(const Buffers& buffers) {
    const auto first = first_of<boost::asio::const_buffer>(buffers);
    if (first.size() >= record_bytes_max || first.size() == boost::beast::buffer_bytes(buffers)) return first;
    record_.resize(record_bytes_max);
    record_.resize(boost::asio::buffer_copy(boost::asio::buffer(record_), buffers));
    return boost::asio::buffer(record_);
  }

  std::unique_ptr<next_layer_type> tcp_;  // Where it is, as the layer refers to it.
  std::unique_ptr<TlsLayer> tls_;
  std::vector<char> record_;
};

/// How a WebSocket ends the connection below it. TLS needs no farewell after the one of the WebSocket.
template <class Handler>
void async_teardown(boost::beast::role_type role, Stream& stream, Handler&& handler) {
  using boost::beast::websocket::async_teardown;
  async_teardown(role, stream.socket(), std::forward<Handler>(handler));
}

}  // namespace holdfast::net
