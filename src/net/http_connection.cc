#include "net/http_connection.h"

#include <array>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <limits>
#include <optional>
#include <utility>

#include "net/answer_head.h"
#include "net/awaiting.h"
#include "net/fields.h"
#include "net/url.h"
#include "net/ws_channel.h"

namespace holdfast::net {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;

namespace {

using Request = http::request<http::string_body>;
using Parser = http::request_parser<http::string_body>;

constexpr std::uint32_t header_bytes_max = 32U << 10U;  // Tokens in headers and query strings are a few KiB.
// Room for what is read at a time: most requests come whole in the first; a large body takes many of the second.
constexpr std::size_t first_read_bytes = 4U << 10U;
constexpr std::size_t further_read_bytes = 64U << 10U;
// After a refusal the rest of the request is read and thrown away, or the reset would overtake our answer.
constexpr std::chrono::seconds linger_time_max{2};
constexpr std::size_t linger_bytes_max = std::size_t{64} << 20U;
constexpr std::chrono::seconds handshake_time_max{10};

Asked asked_of(const Request& message) {
  return {message.version(), message.keep_alive(), message.method() == http::verb::head};
}

/// The answer to it is the last of the connection.
Asked closing(const Request& message) { return {message.version(), false, message.method() == http::verb::head}; }

HttpRequest to_request(Request&& message) {
  HttpRequest request;
  request.method = std::string(message.method_string());
  request.target = origin_form(message.target());
  request.headers = to_headers(message);
  request.body = std::move(message.body());
  return request;
}

/// No redirect: what the request carried has crossed the network by then, and clients that follow
/// would never be mended.
HttpResponse tls_required_answer() {
  return {.status = 426,
          .headers = {{"Content-Type", "text/plain; charset=utf-8"},
                      {"Upgrade", "TLS/1.2, HTTP/1.1"}},  // RFC 9110, section 15.5.22
          .body = "This server is reached over TLS only: use an address that begins with https:// or wss://.\n"};
}

/// The answer to what could not be read, or nothing when nobody is there to read it.
std::optional<HttpResponse> refusal(HttpService& service, const boost::system::error_code& failed) {
  if (failed == http::error::body_limit) return service.unreadable(413, "The request's body is too large.");
  if (failed == http::error::header_limit) return service.unreadable(431, "The request's headers are too large.");
  const bool is_end = failed == http::error::end_of_stream || failed == http::error::partial_message;
  const bool is_http = failed.category() == http::make_error_code(http::error::end_of_stream).category();
  if (is_end || !is_http) return std::nullopt;
  return service.unreadable(400, "The request is not proper HTTP: " + failed.message() + ".");
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

/// One work of a WebSocket, counted from being given to being done or dropped.
class SocketWork {
 public:
  using Step = std::function<void()>;
  SocketWork(Premises& premises, std::weak_ptr<WsChannel> channel, Step work, Step done)
      : premises_(premises), channel_(std::move(channel)), work_(std::move(work)), done_(std::move(done)) {}
  ~SocketWork() { --premises_.socket_works; }
  SocketWork(const SocketWork&) = delete;
  SocketWork& operator=(const SocketWork&) = delete;

  void run() {
    const Running running(premises_);
    if (premises_.is_draining) return;  // Nobody would be told.
    work_();
    auto channel = channel_.lock();
    if (channel == nullptr) return;
    const auto executor = channel->executor();
    asio::post(executor, [channel = std::move(channel), done = std::move(done_)] { done(); });
  }

 private:
  Premises& premises_;
  const std::weak_ptr<WsChannel> channel_;
  const Step work_;
  Step done_;
};

class ServerPeer final : public SocketPeer {
 public:
  ServerPeer(Premises& premises, const std::shared_ptr<WsChannel>& channel, std::shared_ptr<FrameQueue> queue)
      : premises_(premises), gate_(premises.gate), channel_(channel), handle_(gate_, std::move(queue), channel) {}

  void send(SharedFrame frame) override { handle_.send(std::move(frame)); }
  void close(int code, std::string reason) override {
    handle_.close({code, std::move(reason)}, Waiting::written_first);
  }
  bool run_apart(std::function<void()> work, std::function<void()> done) override {
    bool is_taken = true;
    gate_->pass([&] {
      is_taken = ++premises_.socket_works <= premises_.options.socket_works_max;
      auto counted = std::make_unique<SocketWork>(premises_, channel_, std::move(work), std::move(done));
      if (is_taken) asio::post(premises_.socket_workers.io(), [counted = std::move(counted)] { counted->run(); });
    });
    return is_taken;
  }

 private:
  Premises& premises_;  // Only touched behind the gate.
  const std::shared_ptr<Gate> gate_;  // Shared, as the channel is with its own coroutines.
  const std::weak_ptr<WsChannel> channel_;
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

  /// What is being read or written ends within this time, or the connection does: one timer for the connection, which
  /// looks when it fires whether more time was given meanwhile.
  void allow(Milliseconds time) {
    deadline_ = Time::now() + time;
    if (!is_watched_ || deadline_ < watch_.expiry()) watch();
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
    if (*static_cast<const char*>(self->buffer_.cdata().data()) != client_hello) {
      self->lacks_tls_ = self->premises_.options.tls_required;
      co_return Next::request;
    }
    self->allow(handshake_time_max);
    const std::string no_host;
    auto [failed, used] = co_await self->stream_.async_secure(*tls, no_host, self->buffer_.cdata(), as_result);
    self->buffer_.consume(self->buffer_.size());
    co_return failed ? Next::end : Next::request;
  }

  static asio::awaitable<Next> serve_one(Self self) {
    if (self->premises_.is_stopping) co_return Next::end;
    Parser parser;
    parser.header_limit(header_bytes_max);
    parser.body_limit(self->premises_.options.body_bytes_max);
    self->is_idle_ = true;
    self->allow(self->premises_.options.idle_timeout);
    auto failed = co_await read(self, parser, &Parser::is_header_done, first_read_bytes);
    self->is_idle_ = false;
    if (!failed && self->lacks_tls_) co_return co_await reply(self, tls_required_answer(), closing(parser.get()));
    if (!failed && websocket::is_upgrade(parser.get())) {
      if (self->premises_.is_draining) co_return co_await hold(self);
      // Frames before the handshake is answered break RFC 6455.
      if (self->buffer_.size() > 0) co_return co_await refuse(self, http::make_error_code(http::error::bad_value));
      self->allow_any_time();
      self->upgrade_ = parser.release();
      co_return Next::upgrade;
    }
    if (!failed && !parser.is_done()) failed = co_await read_body(self, parser);
    self->allow_any_time();
    if (failed) co_return co_await refuse(self, failed);
    co_return co_await respond(self, parser.release());
  }

  /// Until the parser has it: what has been read already, and then what comes, `bytes` at a time. `parser` lives in the
  /// frame of the coroutine that waits for this one.
  static asio::awaitable<boost::system::error_code> read(Self self, Parser& parser, bool (Parser::*has_it)() const,
                                                         std::size_t bytes) {
    auto& buffer = self->buffer_;
    while (!(parser.*has_it)()) {
      boost::system::error_code failed = http::make_error_code(http::error::need_more);
      if (buffer.size() > 0) buffer.consume(parser.put(buffer.data(), failed));
      if (!failed) continue;
      if (failed != http::error::need_more) co_return failed;
      auto [unread, count] = co_await self->stream_.async_read_some(buffer.prepare(bytes), as_result);
      if (unread) co_return unread;
      buffer.commit(count);
    }
    co_return boost::system::error_code();
  }

  static asio::awaitable<boost::system::error_code> read_body(Self self, Parser& parser) {
    self->allow(self->premises_.options.idle_timeout);
    if (beast::iequals(parser.get()[http::field::expect], "100-continue") && self->buffer_.size() == 0) {
      static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      auto [unwritten, sent] = co_await asio::async_write(self->stream_, asio::buffer(go_on), as_result);
      if (unwritten) co_return unwritten;
    }
    const auto failed = co_await read(self, parser, &Parser::is_done, further_read_bytes);
    if (self->buffer_.capacity() > first_read_bytes) self->buffer_.shrink_to_fit();
    co_return failed;
  }

  static asio::awaitable<Next> refuse(Self self, boost::system::error_code failed) {
    auto answer = refusal(self->premises_.service, failed);
    if (!answer) co_return Next::end;
    co_return co_await reply(self, *std::move(answer), Asked());
  }

  static asio::awaitable<Next> respond(Self self, Request request) {
    auto running = std::make_optional<Running>(self->premises_);
    // Counted first: drain() sets the one before it looks at the other.
    if (self->premises_.is_draining) {
      running.reset();
      co_return co_await hold(self);
    }
    auto asked = asked_of(request);
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
    co_return co_await reply(self, std::move(answer), asked);
  }

  /// Posted, not spawned: a coroutine that co_spawn began ends with one more turn in the queue of the workers, and an
  /// answer that is there would wait behind requests that have not begun.
  static asio::awaitable<HttpResponse> done(Crew& workers, HttpWork work) {
    const auto begin = [](auto then, Crew* by, HttpWork taken) {
      asio::post(by->io(), [then = std::move(then), taken = std::move(taken)]() mutable {
        auto answer = taken();
        const auto executor = asio::get_associated_executor(then);
        asio::post(executor, [then = std::move(then), answer = std::move(answer)]() mutable {
          std::move(then)(std::move(answer));
        });
      });
    };
    return asio::async_initiate<const asio::use_awaitable_t<>, void(HttpResponse)>(begin, asio::use_awaitable, &workers,
                                                                                   std::move(work));
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

  static asio::awaitable<Next> reply(Self self, HttpResponse&& answer, const Asked& to) {
    auto head = head_of(answer, to);
    const bool has_body = !to.is_head && may_have_body(answer.status);
    auto body = has_body ? std::move(answer.body) : std::string();
    return write(std::move(self), std::move(head), std::move(body), to.keeps_alive);
  }

  static asio::awaitable<Next> write(Self self, std::string head, std::string body, bool is_kept) {
    self->allow(self->premises_.options.idle_timeout);
    const std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(body)};
    // All that the socket takes: Asio's own pieces of 64 KiB are a turn of the loop each, and wake the reader each.
    const auto all = [](const boost::system::error_code& reason, std::size_t /*sent*/) {
      return reason ? 0 : std::numeric_limits<std::size_t>::max();
    };
    auto [failed, count] = co_await asio::async_write(self->stream(), parts, all, as_result);
    if (failed) co_return Next::end;
    co_return is_kept ? Next::request : Next::linger;
  }

  static asio::awaitable<void> linger(Self self) {
    boost::system::error_code failed;
    self->stream().socket().shutdown(tcp::socket::shutdown_send, failed);
    self->allow(linger_time_max);
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
    auto refused = self->ask_service();
    if (refused) co_return co_await reply(self, *std::move(refused), Asked());
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
  std::optional<HttpResponse> ask_service() {
    const auto request = to_request(Request(upgrade_));
    auto answer = premises_.service.accept(request, open_channel());
    if (auto* refused = std::get_if<HttpResponse>(&answer)) return std::move(*refused);
    auto& accepted = std::get<AcceptedSocket>(answer);
    HOLDFAST_ASSERT(accepted.session != nullptr, "an accepted WebSocket needs a session");
    session_ = std::move(accepted.session);
    configure(accepted.protocol);
    return std::nullopt;
  }

  /// Turns the connection into a WebSocket's, before the handshake is answered.
  std::shared_ptr<SocketPeer> open_channel() {
    auto queue = std::make_shared<FrameQueue>(premises_.options.queued_bytes_max, premises_.budget);
    channel_ = std::make_shared<WsChannel>(WsStream(std::move(stream_)), queue);
    return std::make_shared<ServerPeer>(premises_, channel_, std::move(queue));
  }

  void configure(const std::string& protocol) {
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = handshake_time_max;
    timeout.idle_timeout = premises_.options.idle_timeout;
    timeout.keep_alive_pings = true;  // A silent client is asked before it is given up.
    auto& stream = channel_->stream();
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
  bool lacks_tls_ = false;  ///< And must have it.
  asio::steady_timer watch_;
  Time::time_point deadline_ = Time::time_point::max();
  bool is_watched_ = false;
};

}  // namespace

std::shared_ptr<HttpConnection> make_connection(tcp::socket socket, Premises& premises) {
  return std::make_shared<Connection>(std::move(socket), premises);
}

}  // namespace holdfast::net
