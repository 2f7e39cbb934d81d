#include "net/stream.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <span>

namespace holdfast::net {
namespace asio = boost::asio;

namespace {

constexpr std::size_t record_bytes_max = 16U << 10U;  // RFC 8446, section 5.1

}  // namespace

void Stream::read_some(asio::mutable_buffer into, Transferred done) {
  if (tls_) tls_->read_some(into, std::move(done));
  else socket().async_read_some(into, std::move(done));
}

void Stream::write_parts(Transferred done) {
  if (tls_) tls_->write_some(gathered(), std::move(done));
  else socket().async_write_some(std::span<const asio::const_buffer>(parts_), std::move(done));
}

/// A head and a body leave in one record, as they do in one packet without TLS.
asio::const_buffer Stream::gathered() {
  const auto first = parts_.empty() ? asio::const_buffer() : parts_.front();
  if (first.size() >= record_bytes_max || parts_.size() <= 1) return first;
  record_.resize(record_bytes_max);
  record_.resize(asio::buffer_copy(asio::buffer(record_), parts_));
  return asio::buffer(record_);
}

void Stream::tear_down(boost::beast::role_type role, Transferred done) {
  boost::beast::websocket::async_teardown(role, socket(), std::move(done));
}

}  // namespace holdfast::net
