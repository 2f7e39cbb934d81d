#include "net/http_client.h"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <utility>

#include "net/awaiting.h"
#include "net/client_request.h"
#include "net/dial.h"
#include "net/fields.h"
#include "net/timers.h"
#include "net/url.h"

namespace holdfast::net {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

namespace {

using Parser = http::response_parser<http::string_body>;
using Reply = Result<HttpResponse>;

constexpr std::uint32_t header_bytes_max = 64U << 10U;
constexpr std::size_t read_bytes_max = 64U << 10U;  // Beast's own loop reads a body by 512 bytes.
constexpr int informational_max = 8;         // Answers such as "100 Continue" before the answer itself.
constexpr Milliseconds timeout_max{86'400'000};  // Keeps sums with the clock far from overflow.

HttpResponse to_response(http::response<http::string_body>&& message) {
  HttpResponse response;
  response.status = static_cast<int>(message.result_int());
  response.headers = to_headers(message);
  response.body = std::move(message.body());
  return response;
}

Error reply_failed(const Url& url, const boost::system::error_code& reason) {
  const bool is_cut = reason == http::error::end_of_stream || reason == http::error::partial_message;
  if (!is_cut && reason.category() == http::make_error_code(http::error::end_of_stream).category()) {
    return Error{Code::malformed, url.authority + " did not answer in proper HTTP: " + reason.message() + "."};
  }
  return Error{Code::unavailable, "The connection to " + url.authority + " was lost before its answer was complete: " +
                                      reason.message() + "."};
}

// Nothing may be readable on a connection that waits for its next request, not even its end.
bool is_quiet(tcp::socket& socket) {
  char byte = 0;
  boost::system::error_code found;
  socket.non_blocking(true, found);
  socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, found);
  return found == asio::error::would_block;
}

}  // namespace

struct HttpClient::Connection {
  explicit Connection(asio::io_context& io) : stream(io) {}

  void close() { stream.close(); }

  Stream stream;
  beast::flat_buffer buffer = {};
  Tick idle_since = {};
  bool is_keepable = false;
};

struct HttpClient::Exchange {
  Exchange(asio::io_context& io, Url to, std::function<void(Reply)> call)
      : url(std::move(to)),
        place(url.scheme + "://" + url.host + ":" + std::to_string(url.port)),
        done(std::move(call)),
        deadline(io),
        turn(io) {}

  void finish(Reply reply) {
    if (std::exchange(is_done, true)) return;
    deadline.cancel();
    turn.cancel();
    std::exchange(done, nullptr)(std::move(reply));
  }

  const Url url;
  const std::string place;
  std::string text = {};  ///< The request, as it is sent.
  bool is_head = false;
  std::size_t reply_bytes_max = 0;
  std::function<void(Reply)> done;
  asio::steady_timer deadline;
  asio::steady_timer turn;  ///< Never expires; cancelled when the exchange gets its slot or ends.
  std::shared_ptr<Connection> connection = {};  ///< The one in use, for the deadline to close.
  bool has_slot = false;
  bool is_done = false;
  bool is_reused = false;       ///< The connection had served an exchange before.
  bool is_reply_begun = false;
};

/// One exchange from its slot to its reply. Coroutines of the loop's thread.
class HttpClient::Conversation {
 public:
  using Client = std::shared_ptr<HttpClient>;
  using Talk = std::shared_ptr<Exchange>;

  static asio::awaitable<void> run(Client client, Talk exchange) {
    const bool has_slot = co_await take_slot(client, exchange);
    if (!has_slot) co_return;
    Reply reply = co_await attempt(client, exchange);
    // A server may close an idle connection just as we use it: no byte of a reply means that it did
    // not take the request.
    if (!reply && exchange->is_reused && !exchange->is_reply_begun && !exchange->is_done) {
      client->places_[exchange->place].idle.clear();
      reply = co_await attempt(client, exchange);
    }
    client->release_slot(exchange->place);
    exchange->finish(std::move(reply));
  }

 private:
  static asio::awaitable<bool> take_slot(Client client, Talk exchange) {
    Place& place = client->places_[exchange->place];
    if (place.slots_taken < connections_max) {
      ++place.slots_taken;
      co_return true;
    }
    place.waiting.push_back(exchange);
    exchange->turn.expires_at(asio::steady_timer::time_point::max());
    co_await exchange->turn.async_wait(as_result);
    co_return exchange->has_slot;
  }

  static asio::awaitable<Reply> attempt(Client client, Talk exchange) {
    auto connection = client->take_idle(exchange->place);
    exchange->is_reused = connection != nullptr;
    if (connection == nullptr) {
      connection = std::make_shared<Connection>(client->io_);
      exchange->connection = connection;
      std::shared_ptr<Stream> stream(connection, &connection->stream);
      DialOptions options(timeout_max, [exchange] { return !exchange->is_done; });
      auto failure = co_await dial(std::move(stream), client->trust_, exchange->url, std::move(options));
      if (failure) co_return std::move(*failure);
    }
    exchange->connection = connection;
    Reply reply = co_await talk(connection, exchange);
    exchange->connection = nullptr;
    if (reply && connection->is_keepable) client->keep(exchange->place, std::move(connection));
    co_return reply;
  }

  static asio::awaitable<Reply> talk(std::shared_ptr<Connection> connection, Talk exchange) {
    connection->is_keepable = false;
    const auto write_failed = co_await send(connection, exchange);
    // A server that refuses a long body answers before it has read all of it, so the answer is read in any case.
    for (int round = 0; round < informational_max; ++round) {
      Parser parser;
      parser.header_limit(header_bytes_max);
      parser.body_limit(exchange->reply_bytes_max);
      parser.skip(exchange->is_head);
      parser.eager(true);
      const auto failed = co_await receive(connection, parser);
      exchange->is_reply_begun = exchange->is_reply_begun || parser.got_some() || connection->buffer.size() > 0;
      if (failed) co_return reply_failed(exchange->url, failed);
      if (parser.get().result_int() < 200) continue;
      connection->is_keepable = !write_failed && parser.keep_alive() && connection->buffer.size() == 0;
      co_return to_response(parser.release());
    }
    co_return reply_failed(exchange->url, http::make_error_code(http::error::bad_status));
  }

  static asio::awaitable<boost::system::error_code> send(std::shared_ptr<Connection> connection, Talk exchange) {
    std::string_view rest = exchange->text;
    while (!rest.empty()) {
      auto [failed, count] = co_await connection->stream.async_write_some(asio::buffer(rest), as_result);
      if (failed) co_return failed;
      rest.remove_prefix(count);
    }
    co_return boost::system::error_code();
  }

  // `parser` lives in the frame of the coroutine that waits for this one.
  static asio::awaitable<boost::system::error_code> receive(std::shared_ptr<Connection> connection, Parser& parser) {
    auto& buffer = connection->buffer;
    boost::system::error_code failed;
    while (!parser.is_done()) {
      if (buffer.size() > 0) {
        buffer.consume(parser.put(buffer.cdata(), failed));
        if (!failed) continue;
        if (failed != http::error::need_more) co_return failed;
      }
      auto [ended, count] = co_await connection->stream.async_read_some(buffer.prepare(read_bytes_max), as_result);
      buffer.commit(count);
      if (ended == asio::error::eof && parser.got_some()) {
        parser.put_eof(failed);
        co_return failed;
      }
      if (ended) co_return ended == asio::error::eof ? http::make_error_code(http::error::end_of_stream) : ended;
    }
    co_return boost::system::error_code();
  }
};

void HttpClient::start(HttpRequest request, Milliseconds timeout, std::function<void(Result<HttpResponse>)> done) {
  auto url = http_url(request);
  if (!url) return done(std::move(url).error());
  // Shared by its coroutine, its deadline and the queue of those who wait.
  auto exchange = std::make_shared<Exchange>(io_, std::move(*url), std::move(done));
  exchange->text = request_text(request, exchange->url);
  exchange->is_head = request.method == "HEAD";
  exchange->reply_bytes_max = reply_bytes_max_;
  exchange->deadline.expires_after(std::clamp(timeout, Milliseconds{0}, timeout_max));
  exchange->deadline.async_wait([exchange, timeout](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    if (exchange->connection != nullptr) exchange->connection->close();
    exchange->finish(Error{Code::timed_out, exchange->url.authority + " did not answer within " +
                                                std::to_string(timeout.count()) + " ms."});
  });
  spawn(io_.get_executor(), Conversation::run(shared_from_this(), exchange));
}

std::shared_ptr<HttpClient::Connection> HttpClient::take_idle(const std::string& authority) {
  auto& idle = places_[authority].idle;
  while (!idle.empty()) {
    auto connection = std::move(idle.back());
    idle.pop_back();
    if (is_quiet(connection->stream.socket())) return connection;
  }
  return nullptr;
}

void HttpClient::keep(const std::string& authority, std::shared_ptr<Connection> connection) {
  auto& idle = places_[authority].idle;
  connection->idle_since = tick_now();
  connection->buffer.shrink_to_fit();
  idle.push_back(std::move(connection));
  if (idle.size() > idle_max) idle.pop_front();
  arm_sweep();
}

void HttpClient::release_slot(const std::string& authority) {
  Place& place = places_[authority];
  while (!place.waiting.empty()) {
    const auto next = std::move(place.waiting.front());
    place.waiting.pop_front();
    if (next->is_done) continue;
    next->has_slot = true;  // The slot passes on, so that nobody can step in between.
    next->turn.cancel();
    return;
  }
  --place.slots_taken;
  if (place.slots_taken == 0 && place.idle.empty()) places_.erase(authority);
}

void HttpClient::arm_sweep() {
  if (std::exchange(is_sweep_armed_, true)) return;
  sweep_.expires_after(idle_time_max / 2);
  sweep_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) sweep();
  });
}

void HttpClient::sweep() {
  is_sweep_armed_ = false;
  bool has_idle = false;
  for (auto at = places_.begin(); at != places_.end();) {
    Place& place = at->second;
    while (!place.idle.empty() && tick_now() - place.idle.front()->idle_since >= idle_time_max) place.idle.pop_front();
    has_idle = has_idle || !place.idle.empty();
    at = place.idle.empty() && place.slots_taken == 0 ? places_.erase(at) : std::next(at);
  }
  if (has_idle) arm_sweep();
}

}  // namespace holdfast::net
