// HttpServer: HTTP/1.1 and WebSocket on one port, in front of an HttpService.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/log.h"
#include "base/transport.h"

namespace holdfast::net {

struct ListenOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;                       ///< 0: any free one.
  int inherited_socket = -1;                    ///< A listening socket to use instead of host and port, if any.
  /// PEM files: the certificate with its chain, and its key.
  /// When they are given, TLS and plain HTTP come in at the port.
  std::string tls_certificate = {};
  std::string tls_key = {};
  bool tls_required = false;  ///< What comes without TLS is answered with 426 and closed, WebSockets too.
  unsigned threads = 2;                         ///< For sockets, and for answers that the service gives at once.
  unsigned workers = 64;  ///< Requests that may block, at a time; those beyond wait. 0 counts as 1.
  unsigned socket_workers = 8;                  ///< Works of WebSockets that may block, at a time. 0 counts as 1.
  std::size_t socket_works_max = 10'000;        ///< Those that run or wait; further ones are not taken.
  std::size_t connections_max = 10'000;         ///< Further ones are closed at once.
  std::size_t body_bytes_max = std::size_t{8} << 20U;     ///< Larger requests: 413.
  std::size_t frame_bytes_max = std::size_t{1} << 20U;    ///< Larger frames: close 1009.
  std::size_t queued_bytes_max = std::size_t{16} << 20U;  ///< A socket that is read too slowly: close 1013.
  std::size_t queued_bytes_total_max = std::size_t{512} << 20U;  ///< Of all sockets: those that hold most of it close.
  Milliseconds idle_timeout{60'000};            ///< Between two requests of a kept connection, and within one.
  Milliseconds drain_time{10'000};              ///< How long drain() waits for running requests.
};

/// What a server holds at one moment.
struct ServerLoad {
  std::size_t connections = 0;
  std::size_t queued_bytes = 0;  ///< Of frames that wait for sockets.
};

/// Serves from the moment listen() returns. Thread-safe.
///
/// drain(): new connections are left to the kernel's queue and new requests of kept connections are read, but neither
/// is answered, while running requests end and are answered. At the end both are closed without an answer. Clients
/// take that for a failure of the network and send again, to whoever listens then; an answer of 503 would cost the
/// published clients one of the three tries after which they give a write up. Works of WebSockets that run end, too;
/// those that wait are dropped with their connections. stop() (and the destructor) refuse new connections, let
/// running requests end, close WebSockets with 1001, and return when the threads are gone: after a few seconds at
/// most, unless the service itself takes longer. Not to be stopped from inside the service.
class HttpServer {
 public:
  /// `service` and `log` outlive it. Codes: unavailable (address in use, naming it), invalid_argument (host, TLS file,
  /// TLS required and no file given),
  /// unsupported (TLS in a build without it).
  static Result<std::unique_ptr<HttpServer>> listen(HttpService& service, Log& log, const ListenOptions& options);
  ~HttpServer();

  [[nodiscard]] std::uint16_t port() const noexcept;
  /// Reads the TLS files again; open connections keep what they have, and all goes on as it is when that fails.
  /// Codes: invalid_argument, naming the file; unsupported.
  Result<void> reload_tls();
  /// Returns true when the running requests were answered, false after `drain_time`. stop() comes next.
  [[nodiscard]] bool drain();
  [[nodiscard]] ServerLoad load() const;
  void stop();

 private:
  class Inside;
  explicit HttpServer(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace holdfast::net
