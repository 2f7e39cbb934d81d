#include "bench/bare_server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <thread>
#include <vector>

#include "net/awaiting.h"
#include "net/http_server.h"

namespace holdfast::bench {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

class BareServer::Inside {
 public:
  explicit Inside(std::string body) : body_(std::move(body)), acceptor_(io_, {asio::ip::make_address("127.0.0.1"), 0}) {
    asio::co_spawn(io_, accept(), asio::detached);
    for (unsigned at = 0; at < net::ListenOptions().threads; ++at) threads_.emplace_back([this] { io_.run(); });
  }
  ~Inside() {
    io_.stop();
    for (auto& thread : threads_) thread.join();
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  asio::awaitable<void> accept() {
    while (true) {
      auto [failed, socket] = co_await acceptor_.async_accept(asio::make_strand(io_), net::as_result);
      if (failed) co_return;
      socket.set_option(tcp::no_delay(true));
      const auto executor = socket.get_executor();
      asio::co_spawn(executor, serve(beast::tcp_stream(std::move(socket))), asio::detached);
    }
  }

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
  asio::io_context io_;
  tcp::acceptor acceptor_;
  std::vector<std::thread> threads_;
};

BareServer::BareServer(std::string body) : inside_(std::make_unique<Inside>(std::move(body))) {}
BareServer::~BareServer() = default;
std::uint16_t BareServer::port() const noexcept { return inside_->port(); }

}  // namespace holdfast::bench
