// Transport: bytes to and from other machines. Two ports: the client's side and the server's side of HTTP and
// WebSocket. net implements them on sockets, the simulation in memory.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "holdfast/result.h"
#include "holdfast/time.h"

namespace holdfast {

/// Header names compare without regard to case; order is kept.
using Headers = std::vector<std::pair<std::string, std::string>>;
/// The first value of the header, or nullptr.
const std::string* header(const Headers& headers, std::string_view name) noexcept;

/// From a client, `target` is absolute (`http://host:port/graphql`); at a server it is the path with the query.
struct HttpRequest {
  std::string method = "POST";
  std::string target;
  Headers headers = {};
  std::string body = {};
};

struct HttpResponse {
  int status = 200;
  Headers headers = {};
  std::string body = {};
};

/// One WebSocket of a client. Thread-safe. Destroying it closes the connection.
class Socket {
 public:
  virtual ~Socket() = default;
  /// Queues one text frame; frames leave in order. Dropped silently once the socket is closed.
  virtual void send(std::string frame) = 0;
};

/// What happens to a socket, called on the transport's thread, one at a time: on_open at most once, then on_frame
/// any number of times, and on_close exactly once at the end (also when opening failed). None is called inside
/// open_socket or send. After the Socket is destroyed late calls may still arrive: captures must bear that.
struct SocketEvents {
  std::function<void()> on_open;
  std::function<void(std::string frame)> on_frame;
  std::function<void(Error reason)> on_close;
};

struct SocketRequest {
  std::string url;                       ///< `ws://host:port/path` or `wss://…`.
  std::vector<std::string> protocols;    ///< Offered subprotocols, in order.
  Headers headers = {};
};

/// The client's side. Thread-safe.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Sends the request and calls `done` once, on the transport's thread, never inside exchange(). A reply of any
  /// HTTP status is a value. Codes of the error: unavailable (no connection, connection
  /// lost), timed_out, malformed, invalid_argument (address, header), unsupported (a scheme that is not offered).
  virtual void exchange(HttpRequest request, Milliseconds timeout,
                        std::function<void(Result<HttpResponse>)> done) = 0;
  [[nodiscard]] virtual std::unique_ptr<Socket> open_socket(SocketRequest request, SocketEvents events) = 0;
  /// From now on connections over TLS believe the certificates of this PEM file, too; only the system's when it is empty.
  /// Open ones stay. What knows no TLS has nothing to do. Codes: invalid_argument, naming the file; unsupported.
  virtual Result<void> trust(const std::string& /*ca_file*/) { return {}; }
};

/// The server's view of one connected WebSocket client. Thread-safe; shared because publishing threads hold it
/// while the network may already have closed it.
class SocketPeer {
 public:
  virtual ~SocketPeer() = default;
  /// Queues one text frame, shared between all who receive it. Frames leave in order; dropped after close.
  virtual void send(std::shared_ptr<const std::string> frame) = 0;
  virtual void close(int code, std::string reason) = 0;
  /// Runs `work`, which may block, where that holds nobody up, then `done` as functions of SocketSession are called.
  /// Works begin in their order. False when too many wait already, and neither is run. Both may run inside this call;
  /// `done` may come after on_closed(), and neither comes once the server ends: captures must bear that.
  [[nodiscard]] virtual bool run_apart(std::function<void()> work, std::function<void()> done) {
    work();
    done();
    return true;
  }
};

/// The server's side of one WebSocket conversation. Its functions are called one at a time.
class SocketSession {
 public:
  virtual ~SocketSession() = default;
  virtual void on_frame(std::string_view frame) = 0;
  virtual void on_closed() = 0;  ///< The last call.
};

/// A WebSocket handshake taken: the subprotocol to answer with (empty: none) and who converses.
struct AcceptedSocket {
  std::string protocol;
  std::unique_ptr<SocketSession> session;
};

/// What is left to do of a request; may block, on the disk or on another service.
using HttpWork = std::function<HttpResponse()>;

/// What is left to do of a request, and takes less when it is done together with others: see HttpService::finish().
class JointWork {
 public:
  virtual ~JointWork() = default;
  /// Does it. Called once more when what it did has been taken back.
  virtual void run() = 0;
  /// The answer, afterwards; `kept` is an error when nothing of what it did lasts. Must not block.
  [[nodiscard]] virtual HttpResponse answer(const Result<void>& kept) = 0;
};

/// What became of a request without blocking: its answer, or who gives it.
using Begun = std::variant<HttpResponse, HttpWork, std::unique_ptr<JointWork>>;

/// The server's side of HTTP: what a listener calls.
class HttpService {
 public:
  virtual ~HttpService() = default;
  /// Answers any request; never fails. Called from several threads at once; may block on the disk.
  [[nodiscard]] virtual HttpResponse respond(const HttpRequest& request) = 0;
  /// The same without blocking: the answer, or the work that gives it, to be done where blocking holds nobody up.
  [[nodiscard]] virtual Begun begin(HttpRequest request) {
    return HttpWork([this, taken = std::move(request)] { return respond(taken); });
  }
  /// Runs joint works that begin() gave; parallel to them, what their answer() is to be told. May block on the disk.
  [[nodiscard]] virtual std::vector<Result<void>> finish(std::span<JointWork* const> works) {
    for (auto* work : works) work->run();
    return std::vector<Result<void>>(works.size());
  }
  /// The answer to what is no request, or one that is too large: `status` is 400, 413 or 431, `sentence` ends with a
  /// full stop. Called from several threads at once; must not block.
  [[nodiscard]] virtual HttpResponse unreadable(int status, std::string sentence) {
    return {.status = status, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = std::move(sentence) + '\n'};
  }
  /// Takes or refuses a WebSocket handshake. A refusal is the HTTP answer to give.
  [[nodiscard]] virtual std::variant<AcceptedSocket, HttpResponse> accept(const HttpRequest& upgrade,
                                                                          std::shared_ptr<SocketPeer> peer) = 0;
};

}  // namespace holdfast
