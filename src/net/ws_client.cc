#include "net/ws_client.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "net/awaiting.h"
#include "net/dial.h"
#include "net/fields.h"
#include "net/url.h"
#include "net/ws_channel.h"

namespace holdfast::net {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

namespace {

constexpr std::chrono::seconds opening_time_max{30};            // For the connection, and again for the handshake.
constexpr std::size_t frame_bytes_max = std::size_t{64} << 20U;
constexpr std::size_t queued_bytes_max = std::size_t{64} << 20U;

/// One socket of a client. Shared: its coroutine holds it.
struct Dialogue {
  Dialogue(std::shared_ptr<WsChannel> over, SocketRequest wanted, SocketEvents told)
      : channel(std::move(over)), request(std::move(wanted)), events(std::move(told)) {}

  std::shared_ptr<WsChannel> channel;
  SocketRequest request;
  SocketEvents events;
  // Shared by all sockets of the loop.
  std::shared_ptr<ClientTrust> trust = {};
  Url url = {};
};

class ClientSocket final : public Socket {
 public:
  explicit ClientSocket(WsHandle handle) : handle_(std::move(handle)) {}
  ~ClientSocket() override { handle_.close({1000, ""}, Waiting::written_first); }
  void send(std::string frame) override { handle_.send(std::make_shared<const std::string>(std::move(frame))); }

 private:
  WsHandle handle_;
};

std::string joined(const std::vector<std::string>& protocols) {
  std::string out;
  for (const auto& protocol : protocols) out += (out.empty() ? "" : ", ") + protocol;
  return out;
}

Result<Url> ws_url(const SocketRequest& request) {
  HOLDFAST_TRY(url, parse_url(request.url));
  Headers headers = request.headers;
  headers.emplace_back("Sec-WebSocket-Protocol", joined(request.protocols));
  for (const auto& [name, value] : headers) {
    if (!is_clean_header(name, value)) {
      return Error{Code::invalid_argument, "The header \"" + name + "\" has bytes that a header cannot carry."};
    }
  }
  return std::move(url);
}

void configure(Dialogue& dialogue) {
  auto& stream = dialogue.channel->stream();
  websocket::stream_base::timeout timeout{};
  timeout.handshake_timeout = opening_time_max;
  timeout.idle_timeout = websocket::stream_base::none();  // Silence is the caller's to judge, by its own keep-alive.
  timeout.keep_alive_pings = false;
  stream.set_option(timeout);
  stream.read_message_max(frame_bytes_max);
  // Called during the handshake, while the coroutine holds the dialogue.
  stream.set_option(websocket::stream_base::decorator([&request = dialogue.request](websocket::request_type& message) {
    put_headers(request.headers, message);
    if (!request.protocols.empty()) message.set(http::field::sec_websocket_protocol, joined(request.protocols));
  }));
}

Error refused(const Url& url, const boost::system::error_code& reason, const websocket::response_type& answer) {
  const auto status = answer.result_int();
  if (reason != websocket::error::upgrade_declined) {
    const bool is_late = reason == beast::error::timeout;
    const bool is_ours = reason.category() == websocket::make_error_code(websocket::error::closed).category();
    return Error{is_late ? Code::timed_out : is_ours ? Code::malformed : Code::unavailable,
                 "The WebSocket handshake with " + url.authority + " failed: " + reason.message() + "."};
  }
  const bool is_denied = status == 401 || status == 403;
  const bool is_passing = status == 429 || status >= 500;
  return Error{is_denied ? Code::unauthorized : is_passing ? Code::unavailable : Code::rejected,
               url.authority + " refused the WebSocket with status " + std::to_string(status) + ": " +
                   answer.body().substr(0, 200)};
}

std::optional<Error> protocol_fault(const Dialogue& dialogue, const websocket::response_type& answer) {
  const auto found = answer.find(http::field::sec_websocket_protocol);
  if (found == answer.end()) return std::nullopt;
  const auto& offered = dialogue.request.protocols;
  const std::string chosen(found->value());
  if (std::find(offered.begin(), offered.end(), chosen) != offered.end()) return std::nullopt;
  return Error{Code::malformed,
               dialogue.url.authority + " chose the subprotocol \"" + chosen + "\", which was not offered."};
}

asio::awaitable<std::optional<Error>> open(std::shared_ptr<Dialogue> self) {
  auto url = ws_url(self->request);
  if (!url) co_return std::move(url).error();
  self->url = std::move(*url);
  std::shared_ptr<Stream> stream(self->channel, &self->channel->stream().next_layer());
  DialOptions options(opening_time_max, [self] { return !self->channel->queue().closing(); });
  auto failure = co_await dial(std::move(stream), self->trust, self->url, std::move(options));
  if (failure) co_return failure;
  configure(*self);
  websocket::response_type answer;
  auto [failed] =
      co_await self->channel->stream().async_handshake(answer, self->url.authority, self->url.target, as_result);
  if (failed) co_return refused(self->url, failed, answer);
  co_return protocol_fault(*self, answer);
}

void finish(Dialogue& dialogue, Error reason) {
  dialogue.channel->queue().end();
  dialogue.channel->cut();
  const auto on_close = std::move(dialogue.events.on_close);
  dialogue.events = {};  // What they hold may hold the Socket.
  if (on_close) on_close(std::move(reason));
}

asio::awaitable<void> run(std::shared_ptr<Dialogue> self) {
  auto failure = co_await open(self);
  if (!failure) {
    if (self->events.on_open) self->events.on_open();
    std::function<void(std::string_view)> on_frame = [&events = self->events](std::string_view frame) {
      if (events.on_frame) events.on_frame(std::string(frame));
    };
    failure = co_await WsChannel::converse(self->channel, std::move(on_frame));
  }
  finish(*self, std::move(*failure));
}

}  // namespace

std::unique_ptr<Socket> open_ws(asio::io_context& io, WsPremises premises, SocketRequest request,
                                SocketEvents events) {
  auto queue = std::make_shared<FrameQueue>(queued_bytes_max);
  auto channel = std::make_shared<WsChannel>(WsStream(Stream(io)), queue);
  auto socket = std::make_unique<ClientSocket>(WsHandle(std::move(premises.gate), std::move(queue), channel));
  auto dialogue = std::make_shared<Dialogue>(std::move(channel), std::move(request), std::move(events));
  dialogue->trust = std::move(premises.trust);
  // Posted, because a coroutine may start at once when it is spawned on the loop's thread.
  asio::post(io, [&io, dialogue = std::move(dialogue)] { spawn(io.get_executor(), run(dialogue)); });
  return socket;
}

}  // namespace holdfast::net
