// HttpConnection: one connection of a server, from its first request to its end, which may be a WebSocket's.
#pragma once

#include <algorithm>
#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "base/log.h"
#include "base/transport.h"
#include "net/crew.h"
#include "net/frame_queue.h"
#include "net/gate.h"
#include "net/http_server.h"
#include "net/joint_queue.h"
#include "net/tls.h"

namespace holdfast::net {

/// What all connections of a server share; outlives them.
struct Premises {
  Premises(HttpService& answers, Log& diary, ListenOptions limits)
      : service(answers),
        log(diary),
        options(std::move(limits)),
        gate(std::make_shared<Gate>()),
        budget(std::make_shared<FrameBudget>(options.queued_bytes_total_max)),
        workers(std::max(1U, options.workers)),
        socket_workers(std::max(1U, options.socket_workers)) {}

  HttpService& service;
  Log& log;
  const ListenOptions options;
  // Shared with the peers that the service holds, which may outlive the server.
  std::shared_ptr<Gate> gate;
  // Shared with the queues of those peers.
  std::shared_ptr<FrameBudget> budget;
  /// Null when there is no TLS.
  [[nodiscard]] std::shared_ptr<TlsContext> tls() const { return std::atomic_load(&tls_); }
  void set_tls(std::shared_ptr<TlsContext> context) { std::atomic_store(&tls_, std::move(context)); }

  Crew workers;  ///< Where requests may block.
  std::atomic<std::size_t> socket_works = 0;  ///< Those that run or wait.
  Crew socket_workers;                        ///< Where works of WebSockets may block.
  Crew finisher{1};
  JointQueue joint{service, finisher.io()};
  std::atomic<bool> is_draining = false;
  std::atomic<bool> is_stopping = false;
  std::mutex running_mutex;
  std::condition_variable has_less_running;
  std::atomic<std::size_t> running = 0;  ///< Requests from being read to being answered, and works of WebSockets.

 private:
  // Shared with connections: a reload leaves them theirs.
  std::shared_ptr<TlsContext> tls_;
};

/// Its functions run on its executor, that of one thread. Shared: its coroutine holds it, and the
/// server's list looks at it.
class HttpConnection {
 public:
  virtual ~HttpConnection() = default;
  [[nodiscard]] virtual const boost::asio::any_io_executor& executor() const noexcept = 0;
  /// Returns when the connection is closed. Starts nothing new once the premises are stopping.
  [[nodiscard]] virtual boost::asio::awaitable<void> serve() = 0;
  /// Ends what waits: an idle connection is closed, a WebSocket closes with 1001, a running request ends first.
  virtual void stop() = 0;
  /// For the last of a server, when its threads have ended: tells the session that it is closed.
  virtual void abandon() = 0;
};

std::shared_ptr<HttpConnection> make_connection(boost::asio::ip::tcp::socket socket, Premises& premises);

}  // namespace holdfast::net
