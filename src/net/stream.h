// Stream: a TCP connection that may carry TLS, as Beast's algorithms take one. Its operations are compiled once, in
// stream.cc, whoever waits for them; only tls.cc compiles OpenSSL's part. For .cc files that include Beast anyway.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/tls.h"
#include "net/transferred.h"

namespace holdfast::net {

/// Used on its executor only, where all that waits for it goes on; one read and one write at a time.
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
  auto async_secure(TlsContext& context, const std::string& host, boost::asio::const_buffer read_already,
                    Token&& token) {
    tls_ = context.layer(*tcp_, host);
    return boost::asio::async_initiate<Token, Transfer>(
        [](auto handler, Stream* self, boost::asio::const_buffer already) {
          self->tls_->handshake(already, Transferred(std::move(handler)));
        },
        token, this, read_already);
  }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, Transfer>(
        [](auto handler, Stream* self, boost::asio::mutable_buffer into) {
          self->read_some(into, Transferred(std::move(handler)));
        },
        token, this, first_of(buffers));
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    name_parts(buffers);
    return boost::asio::async_initiate<Token, Transfer>(
        [](auto handler, Stream* self) { self->write_parts(Transferred(std::move(handler))); }, token, this);
  }

  /// Reads to the other side's end and closes, as Beast does it for a WebSocket without TLS.
  void tear_down(boost::beast::role_type role, Transferred done);

 private:
  using Transfer = void(boost::system::error_code, std::size_t);
  static constexpr std::size_t parts_max = 64;  // What Asio gives the kernel at once.

  template <class Buffers>
  static boost::asio::mutable_buffer first_of(const Buffers& buffers) {
    for (const boost::asio::mutable_buffer part : boost::beast::buffers_range_ref(buffers)) {
      if (part.size() > 0) return part;
    }
    return {};
  }

  template <class Buffers>
  void name_parts(const Buffers& buffers) {
    parts_.clear();
    for (const boost::asio::const_buffer part : boost::beast::buffers_range_ref(buffers)) {
      if (part.size() > 0 && parts_.size() < parts_max) parts_.push_back(part);
    }
  }

  void read_some(boost::asio::mutable_buffer into, Transferred done);
  void write_parts(Transferred done);
  boost::asio::const_buffer gathered();

  // What is written, until it is: it dies after tcp_, whose end ends the writing.
  std::vector<boost::asio::const_buffer> parts_;
  std::vector<char> record_;
  std::unique_ptr<TlsLayer> tls_;
  std::unique_ptr<next_layer_type> tcp_;  // Where it is, as the layer refers to it.
};

/// How a WebSocket ends the connection below it. TLS needs no farewell after the one of the WebSocket.
template <class Handler>
void async_teardown(boost::beast::role_type role, Stream& stream, Handler&& handler) {
  stream.tear_down(role, Transferred([done = std::forward<Handler>(handler)](boost::system::error_code failed,
                                                                             std::size_t /*count*/) mutable {
                     std::move(done)(failed);
                   }));
}

}  // namespace holdfast::net
