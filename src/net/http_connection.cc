#include "net/http_connection.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <optional>
#include <utility>

#include "net/awaiting.h"
#include "net/fields.h"
#include "net/ws_channel.h"

namespace holdfast::net {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;

namespace {

using Request = http::request<http::string_body>;
using Answer = http::response<http::string_body>;
using Parser = http::request_parser<http::string_body>;

constexpr std::uint32_t header_bytes_max = 32U << 10U;  // Tokens in headers and query strings are a few KiB.
// After a refusal the rest of the request is read and thrown away, or the reset would overtake our answer.
constexpr std::chrono::seconds linger_time_max{2};
constexpr std::size_t linger_bytes_max = std::size_t{64} << 20U;
constexpr std::chrono::seconds handshake_time_max{10};

/// What the form of an answer depends on. Has constructors because coroutines take it by value.
class Asked {
 public:
  Asked() = default;  // What could not be read; the connection ends with the answer.
  explicit Asked(const Request& message)
      : version(message.version()), keeps_alive(message.keep_alive()), is_head(message.method() == http::verb::head) {}

  unsigned version = 11;
  bool keeps_alive = false;
  bool is_head = false;
};

HttpRequest to_request(Request&& message) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  request.headers = to_headers(message);
  request.body = std::move(message.body());
  return request;
}

HttpResponse plain_answer(int status, std::string sentence) {
  HttpResponse answer;
  answer.status = status;
  answer.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  answer.body = std::move(sentence);
  return answer;
}

bool may_have_body(unsigned status) { return status >= 200 && status != 204 && status != 304; }

Answer to_message(HttpResponse&& answer, const Asked& asked) {
  Answer message;
  message.version(asked.version);
  const bool is_sound = answer.status >= 200 && answer.status <= 999;
  message.result(is_sound ? static_cast<unsigned>(answer.status) : 500U);
  put_headers(answer.headers, message);
  if (may_have_body(message.result_int())) message.body() = std::move(answer.body);
  message.keep_alive(asked.keeps_alive);
  message.prepare_payload();
  return message;
}

/// The answer to what could not be read, or nothing when nobody is there to read it.
std::optional<HttpResponse> refusal(const boost::system::error_code& failed) {
  if (failed == http::error::body_limit) return plain_answer(413, "The request's body is too large.\n");
  if (failed == http::error::header_limit) return plain_answer(431, "The request's headers are too large.\n");
  const bool is_end = failed == http::error::end_of_stream || failed == http::error::partial_message;
  const bool is_http = failed.category() == http::make_error_code(http::error::end_of_stream).category();
  if (is_end || !is_http) return std::nullopt;
  return plain_answer(400, "The request is not proper HTTP: " + failed.message() + ".\n");
}

/// Counts a request while it lives.
class Running {
 public:
  explicit Running(Premises& premises) : premises_(premises) { ++premises_.running; }
  ~Running() {
    if (--premises_.running > 0 || !premises_.is_draining) return;
    const std::lock_guard lock(premises_.running_mutex);
    premises_.has_less_running.notify_all();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  Premises& premises_;
};

class ServerPeer final : public SocketPeer {
 public:
  explicit ServerPeer(WsHandle handle) : handle_(std::move(handle)) {}
  void send(SharedFrame frame) override { handle_.send(std::move(frame)); }
  void close(int code, std::string reason) override {
    handle_.close({code, std::move(reason)}, Waiting::written_first);
  }

 private:
  WsHandle handle_;
};

class Connection final : public HttpConnection, public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, Premises& premises)
      : premises_(premises), executor_(socket.get_executor()), stream_(std::move(socket)), watch_(executor_) {}

  const asio::any_io_executor& executor() const noexcept override { return executor_; }

  asio::awaitable<void> serve() override { return serve_all(shared_from_this()); }

  void stop() override {
    if (channel_ != nullptr) {
      if (channel_->queue().close({1001, "The server stops."}, Waiting::written_first)) channel_->pump();
    }
    if (is_idle_) stream().close();
  }

  void abandon() override {
    if (session_ != nullptr) session_->on_closed();
    session_.reset();
  }

 private:
  using Self = std::shared_ptr<Connection>;
  enum class Next : std::uint8_t { request, upgrade, linger, end };

  using Time = std::chrono::steady_clock;

  /// What is being read or written ends within this time, or the connection does. The stream's own expiry would set a
  /// timer for each operation; one for the connection looks when it fires whether more time was given meanwhile.
  void allow(Milliseconds time) {
    deadline_ = Time::now() + time;
    if (!is_watched_) watch();
  }
  void allow_any_time() { deadline_ = Time::time_point::max(); }

  void watch() {
    is_watched_ = true;
    watch_.expires_at(deadline_);
    watch_.async_wait([watched = weak_from_this()](const boost::system::error_code& ended) {
      if (const auto self = watched.lock(); self != nullptr && !ended) self->look();
    });
  }

  void look() {
    is_watched_ = false;
    if (deadline_ == Time::time_point::max()) return;
    if (Time::now() < deadline_) watch();
    else stream().close();
  }

  static asio::awaitable<void> serve_all(Self self) {
    Next next = co_await greet(self);
    while (next == Next::request) next = co_await serve_one(self);
    if (next == Next::upgrade) next = co_await upgrade(self);
    if (next == Next::linger) co_await linger(self);
    self->stream().close();
  }

  /// TLS and plain HTTP come in at one port: the first byte tells.
  static asio::awaitable<Next> greet(Self self) {
    constexpr char client_hello = 0x16;  // RFC 8446, section 5.1
    const auto tls = self->premises_.tls();
    if (tls == nullptr) co_return Next::request;
    self->is_idle_ = true;
    self->allow(self->premises_.options.idle_timeout);
    auto [unread, count] = co_await self->stream_.async_read_some(self->buffer_.prepare(1), as_result);
    self->is_idle_ = false;
    if (unread) co_return Next::end;
    self->buffer_.commit(count);
    if (*static_cast<const char*>(self->buffer_.cdata().data()) != client_hello) co_return Next::request;
    self->stream_.expires_after(handshake_time_max);
    const std::string no_host;
    auto [failed, used] = co_await self->stream_.async_secure(*tls, no_host, self->buffer_.cdata(), as_result);
    self->buffer_.consume(self->buffer_.size());
    self->stream_.expires_never();
    co_return failed ? Next::end : Next::request;
  }

  static asio::awaitable<Next> serve_one(Self self) {
    if (self->premises_.is_stopping) co_return Next::end;
    Parser parser;
    parser.header_limit(header_bytes_max);
    parser.body_limit(self->premises_.options.body_bytes_max);
    self->is_idle_ = true;
    self->allow(self->premises_.options.idle_timeout);
    auto [unread, head] = co_await http::async_read_header(self->stream_, self->buffer_, parser, as_result);
    self->is_idle_ = false;
    boost::system::error_code failed = unread;
    if (!failed && websocket::is_upgrade(parser.get())) {
      if (self->premises_.is_draining) co_return co_await hold(self);
      // Frames before the handshake is answered break RFC 6455.
      if (self->buffer_.size() > 0) co_return co_await refuse(self, http::make_error_code(http::error::bad_value));
      self->allow_any_time();
      self->upgrade_ = parser.release();
      co_return Next::upgrade;
    }
    if (!failed) failed = self->take_read(parser);
    if (!failed && !parser.is_done()) failed = co_await read_body(self, parser);
    self->allow_any_time();
    if (failed) co_return co_await refuse(self, failed);
    co_return co_await respond(self, parser.release());
  }

  /// Gives the parser what has been read already: most bodies come in one piece with their heads.
  boost::system::error_code take_read(Parser& parser) {
    boost::system::error_code failed;
    std::size_t used = 1;
    while (!failed && used > 0 && !parser.is_done() && buffer_.size() > 0) {
      used = parser.put(buffer_.data(), failed);
      buffer_.consume(used);
    }
    if (failed == http::error::need_more) failed = {};
    return failed;
  }

  // `parser` lives in the frame of the coroutine that waits for this one.
  static asio::awaitable<boost::system::error_code> read_body(Self self, Parser& parser) {
    self->allow(self->premises_.options.idle_timeout);
    if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
      static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      auto [unwritten, sent] = co_await asio::async_write(self->stream_, asio::buffer(go_on), as_result);
      if (unwritten) co_return unwritten;
    }
    auto [failed, count] = co_await http::async_read(self->stream_, self->buffer_, parser, as_result);
    co_return failed;
  }

  static asio::awaitable<Next> refuse(Self self, boost::system::error_code failed) {
    auto answer = refusal(failed);
    if (!answer) co_return Next::end;
    const Asked unknown;
    auto message = to_message(std::move(*answer), unknown);
    co_return co_await reply(self, std::move(message), unknown);
  }

  static asio::awaitable<Next> respond(Self self, Request request) {
    auto running = std::make_optional<Running>(self->premises_);
    // Counted first: drain() sets the one before it looks at the other.
    if (self->premises_.is_draining) {
      running.reset();
      co_return co_await hold(self);
    }
    Asked asked(request);
    auto begun = self->premises_.service.begin(to_request(std::move(request)));
    if (auto* work = std::get_if<HttpWork>(&begun)) {
      begun = co_await done(self->premises_.workers, std::move(*work));
    }
    if (auto* joint = std::get_if<std::unique_ptr<JointWork>>(&begun)) {
      const auto work = std::move(*joint);
      const auto kept = co_await self->premises_.joint.async_finish(*work, asio::use_awaitable);
      begun = work->answer(kept);
    }
    auto answer = std::get<HttpResponse>(std::move(begun));
    asked.keeps_alive = asked.keeps_alive && !self->premises_.is_draining;
    auto message = to_message(std::move(answer), asked);
    co_return co_await reply(self, std::move(message), asked);
  }

  /// Posted, not spawned: a coroutine that co_spawn began ends with one more turn in the queue of the workers, and an
  /// answer that is there would wait behind requests that have not begun.
  static asio::awaitable<HttpResponse> done(asio::thread_pool& workers, HttpWork work) {
    const auto begin = [](auto then, asio::thread_pool* by, HttpWork taken) {
      asio::post(*by, [then = std::move(then), taken = std::move(taken)]() mutable {
        auto answer = taken();
        const auto executor = asio::get_associated_executor(then);
        asio::post(executor, [then = std::move(then), answer = std::move(answer)]() mutable { std::move(then)(std::move(answer)); });
      });
    };
    return asio::async_initiate<const asio::use_awaitable_t<>, void(HttpResponse)>(begin, asio::use_awaitable, &workers, std::move(work));
  }

  /// See HttpServer: a request that comes during a drain waits for the end of the connection.
  static asio::awaitable<Next> hold(Self self) {
    self->premises_.log.write(LogLevel::debug, "net", "request_held", {});
    self->is_idle_ = true;
    self->allow_any_time();
    char byte = 0;
    boost::system::error_code failed;
    // Reading tells when the client leaves, or when stop() closes the stream.
    while (!failed && !self->premises_.is_stopping) {
      auto [reason, count] = co_await self->stream().async_read_some(asio::buffer(&byte, 1), as_result);
      failed = reason;
    }
    co_return Next::end;
  }

  static asio::awaitable<Next> reply(Self self, Answer message, Asked to) {
    self->allow(self->premises_.options.idle_timeout);
    http::response_serializer<http::string_body> serializer(message);
    boost::system::error_code failed;
    if (to.is_head) {
      auto [reason, count] = co_await http::async_write_header(self->stream(), serializer, as_result);
      failed = reason;
    } else {
      auto [reason, count] = co_await http::async_write(self->stream(), serializer, as_result);
      failed = reason;
    }
    if (failed) co_return Next::end;
    if (!to.keeps_alive) co_return Next::linger;
    co_return Next::request;
  }

  static asio::awaitable<void> linger(Self self) {
    boost::system::error_code failed;
    self->allow_any_time();
    self->stream().socket().shutdown(tcp::socket::shutdown_send, failed);
    self->stream().expires_after(linger_time_max);
    self->is_idle_ = true;
    std::size_t dropped = 0;
    while (!failed && dropped < linger_bytes_max && !self->premises_.is_stopping) {
      self->buffer_.clear();
      auto [reason, count] = co_await self->stream().async_read_some(self->buffer_.prepare(16U << 10U), as_result);
      failed = reason;
      dropped += count;
    }
  }

  static asio::awaitable<Next> upgrade(Self self) {
    auto refusal_message = self->ask_service();
    if (refusal_message) co_return co_await reply(self, std::move(*refusal_message), Asked());
    auto [failed] = co_await self->channel_->stream().async_accept(self->upgrade_, as_result);
    // An idle WebSocket holds nothing of its handshake.
    self->upgrade_ = {};
    self->buffer_.clear();
    self->buffer_.shrink_to_fit();
    if (!failed) {
      if (self->premises_.is_stopping) self->stop();
      std::function<void(std::string_view)> on_frame = [&self_ref = *self](std::string_view frame) {
        self_ref.session_->on_frame(frame);
      };
      auto reason = co_await WsChannel::converse(self->channel_, std::move(on_frame));
      self->log_end(reason);
    }
    self->channel_->queue().end();
    self->abandon();
    co_return Next::end;
  }

  /// The answer to give when the service refuses the WebSocket.
  std::optional<Answer> ask_service() {
    const auto request = to_request(Request(upgrade_));
    auto answer = premises_.service.accept(request, open_channel());
    if (auto* refused = std::get_if<HttpResponse>(&answer)) return to_message(std::move(*refused), Asked());
    auto& accepted = std::get<AcceptedSocket>(answer);
    HOLDFAST_ASSERT(accepted.session != nullptr, "an accepted WebSocket needs a session");
    session_ = std::move(accepted.session);
    configure(accepted.protocol);
    return std::nullopt;
  }

  /// Turns the connection into a WebSocket's, before the handshake is answered.
  std::shared_ptr<SocketPeer> open_channel() {
    stream_.expires_never();
    auto queue = std::make_shared<FrameQueue>(premises_.options.queued_bytes_max, premises_.budget);
    channel_ = std::make_shared<WsChannel>(WsStream(std::move(stream_)), queue);
    return std::make_shared<ServerPeer>(WsHandle(premises_.gate, std::move(queue), channel_));
  }

  void configure(const std::string& protocol) {
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = handshake_time_max;
    timeout.idle_timeout = premises_.options.idle_timeout;
    timeout.keep_alive_pings = true;  // A silent client is asked before it is given up.
    auto& stream = channel_->stream();
    stream.next_layer().expires_never();
    stream.set_option(timeout);
    stream.read_message_max(premises_.options.frame_bytes_max);
    stream.set_option(websocket::stream_base::decorator([protocol](websocket::response_type& answer) {
      if (!protocol.empty()) answer.set(http::field::sec_websocket_protocol, protocol);
    }));
  }

  void log_end(const Error& reason) {
    if (!premises_.log.takes(LogLevel::debug)) return;
    premises_.log.write(LogLevel::debug, "net", "socket_closed", {{"code", std::string(name(reason.code))}});
  }

  Stream& stream() { return channel_ == nullptr ? stream_ : channel_->stream().next_layer(); }

  Premises& premises_;
  const asio::any_io_executor executor_;
  Stream stream_;  ///< Moved into the channel when there is one.
  beast::flat_buffer buffer_;
  Request upgrade_;
  // Shared with its own coroutines.
  std::shared_ptr<WsChannel> channel_;
  std::unique_ptr<SocketSession> session_;
  bool is_idle_ = false;  ///< Nothing is lost by closing now.
  asio::steady_timer watch_;
  Time::time_point deadline_ = Time::time_point::max();
  bool is_watched_ = false;
};

}  // namespace

std::shared_ptr<HttpConnection> make_connection(tcp::socket socket, Premises& premises) {
  return std::make_shared<Connection>(std::move(socket), premises);
}

}  // namespace holdfast::net
