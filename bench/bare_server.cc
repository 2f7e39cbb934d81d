#include "bench/bare_server.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <utility>

#include "bench/bare_listener.h"

namespace holdfast::bench {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

class BareServer::Inside {
 public:
  explicit Inside(std::string body) : body_(std::move(body)) {
    listener_.start([this](tcp::socket socket) { return serve(beast::tcp_stream(std::move(socket))); });
  }
  std::uint16_t port() const { return listener_.port(); }

 private:
  asio::awaitable<void> serve(beast::tcp_stream stream) {
    beast::flat_buffer buffer;
    while (true) {
      http::request<http::string_body> request;
      auto [unread, count] = co_await http::async_read(stream, buffer, request, net::as_result);
      if (unread) co_return;
      http::response<http::string_body> answer(http::status::ok, request.version());
      answer.set(http::field::content_type, "application/json; charset=UTF-8");
      answer.body() = body_;
      answer.prepare_payload();
      auto [unwritten, written] = co_await http::async_write(stream, answer, net::as_result);
      if (unwritten) co_return;
    }
  }

  const std::string body_;
  BareListener listener_;  // Last: it ends what reads the body.
};

BareServer::BareServer(std::string body) : inside_(std::make_unique<Inside>(std::move(body))) {}
BareServer::~BareServer() = default;
std::uint16_t BareServer::port() const noexcept { return inside_->port(); }

}  // namespace holdfast::bench
