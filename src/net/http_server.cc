#include "net/http_server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <utility>

#include "net/awaiting.h"
#include "net/http_connection.h"
#include "net/socket_threads.h"

namespace holdfast::net {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Longer than a WebSocket's closing handshake may take; then stop() cuts what is left.
constexpr std::chrono::seconds stop_time_max{5};
// Accepting fails when file descriptors run out; a pause gives connections time to end.
constexpr std::chrono::milliseconds accept_pause{100};

Result<tcp::endpoint> endpoint_of(asio::io_context& io, const ListenOptions& options) {
  auto host = options.host;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  boost::system::error_code failed;
  const auto address = asio::ip::make_address(host, failed);
  if (!failed) return tcp::endpoint(address, options.port);
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(host, std::to_string(options.port), tcp::resolver::numeric_service, failed);
  if (!failed && !found.empty()) return found.begin()->endpoint();
  return Error{Code::invalid_argument, "Cannot listen on the host \"" + options.host + "\": " + failed.message() +
                                           ". Give an address of this machine, such as 127.0.0.1."};
}

Error listen_failed(const ListenOptions& options, const boost::system::error_code& reason) {
  const bool is_foreign = reason == asio::error::address_family_not_supported ||
                          reason == boost::system::errc::address_not_available;
  return Error{is_foreign ? Code::invalid_argument : Code::unavailable,
               "Cannot listen on " + options.host + ":" + std::to_string(options.port) + ": " + reason.message() +
                   ". Give another address or port, or stop what uses it."};
}

Result<void> open(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, const ListenOptions& options) {
  boost::system::error_code failed;
  acceptor.open(endpoint.protocol(), failed);
  if (!failed) acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed) acceptor.bind(endpoint, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return listen_failed(options, failed);
  return {};
}

/// The socket listens already, and goes on listening in whoever else holds it when this server has ended.
Result<void> adopt(tcp::acceptor& acceptor, int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  const bool is_socket = ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  boost::system::error_code failed = asio::error::bad_descriptor;
  if (is_socket) acceptor.assign(address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), socket, failed);
  if (!failed) return {};
  return Error{Code::invalid_argument, "The inherited descriptor " + std::to_string(socket) +
                                           " is no listening TCP socket: " + failed.message() + "."};
}

}  // namespace

class HttpServer::Inside {
 public:
  Inside(HttpService& service, Log& log, const ListenOptions& options)
      : premises_(service, log, options), threads_(options.threads), acceptor_(threads_.first().io()) {}

  Result<void> start() {
    if (auto loaded = load_tls(); !loaded) return loaded;
    if (auto opened = open_or_adopt(); !opened) return opened;
    port_ = acceptor_.local_endpoint().port();
    is_accepting_ = true;
    asio::co_spawn(acceptor_.get_executor(), accept_all(*this), [this](const std::exception_ptr& thrown) {
      rethrow(thrown);
      const std::lock_guard lock(mutex_);
      is_accepting_ = false;
      has_less_.notify_all();
    });
    threads_.start();
    return {};
  }

  std::uint16_t port() const noexcept { return port_; }

  ServerLoad load() {
    const std::lock_guard lock(mutex_);
    return {connections_.size(), premises_.budget->bytes};
  }

  Result<void> load_tls() {
    const auto& options = premises_.options;
    if (options.tls_certificate.empty() && options.tls_key.empty()) {
      if (!options.tls_required) return {};
      return Error{Code::invalid_argument,
                   "TLS is required, but neither its certificate nor its key is given: give both files."};
    }
    HOLDFAST_TRY(context, server_tls(options.tls_certificate, options.tls_key));
    premises_.set_tls(std::move(context));
    return {};
  }

  bool drain() {
    premises_.is_draining = true;
    // Without closing it: connections wait in its queue, and their requests with them.
    asio::post(acceptor_.get_executor(), [this] {
      boost::system::error_code ignored;
      acceptor_.cancel(ignored);
    });
    std::unique_lock lock(premises_.running_mutex);
    return premises_.has_less_running.wait_for(lock, premises_.options.drain_time,
                                               [this] { return premises_.running == 0; });
  }

  void stop() {
    const std::lock_guard once(stop_mutex_);
    if (std::exchange(is_stopped_, true)) return;
    premises_.is_draining = true;
    premises_.is_stopping = true;
    wait_for_acceptor();
    wait_for_connections();
    threads_.stop();
    premises_.socket_workers.stop();  // Those that wait are not begun.
    premises_.socket_workers.join();
    premises_.workers.join();
    premises_.finisher.join();
    premises_.gate->shut();
    for (auto& [number, listed] : connections_) {
      if (const auto left = listed.connection.lock()) left->abandon();
    }
  }

 private:
  struct Listed {
    std::weak_ptr<HttpConnection> connection;
    SocketThread* thread = nullptr;
  };

  // `self` outlives its io_context and with it this coroutine.
  static asio::awaitable<void> accept_all(Inside& self) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    while (!self.premises_.is_draining) {
      auto& thread = self.threads_.least_busy();
      tcp::socket socket(thread.io());
      auto [failed] = co_await self.acceptor_.async_accept(socket, as_result);
      if (failed == asio::error::operation_aborted || failed == asio::error::bad_descriptor) break;
      if (!failed && self.premises_.is_stopping) break;  // Too late; closed with the socket.
      if (!failed) self.admit(std::move(socket), thread);
      if (!failed) continue;
      self.premises_.log.write(LogLevel::warning, "net", "accept_failed", {{"reason", failed.message()}});
      pause.expires_after(accept_pause);
      co_await pause.async_wait(as_result);
    }
  }

  Result<void> open_or_adopt() {
    const auto& options = premises_.options;
    if (options.inherited_socket >= 0) return adopt(acceptor_, options.inherited_socket);
    HOLDFAST_TRY(endpoint, endpoint_of(threads_.first().io(), options));
    return open(acceptor_, endpoint, options);
  }

  void admit(tcp::socket socket, SocketThread& thread) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto connection = make_connection(std::move(socket), premises_);
    std::uint64_t number = 0;
    {
      const std::lock_guard lock(mutex_);
      if (connections_.size() >= premises_.options.connections_max) return;  // Closed with the socket.
      number = next_++;
      connections_.emplace(number, Listed{connection, &thread});
      ++thread.connections;
    }
    // Without the lock: the connection may begin, and even end, inside co_spawn.
    asio::co_spawn(connection->executor(), connection->serve(), [this, number](const std::exception_ptr& thrown) {
      rethrow(thrown);
      remove(number);
    });
  }

  void remove(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    const auto listed = connections_.find(number);
    --listed->second.thread->connections;
    connections_.erase(listed);
    if (connections_.empty()) has_less_.notify_all();
  }

  // First, so that no connection is admitted after those that there are have been told to stop.
  void wait_for_acceptor() {
    asio::post(acceptor_.get_executor(), [this] { acceptor_.close(); });
    std::unique_lock lock(mutex_);
    has_less_.wait_for(lock, stop_time_max, [this] { return !is_accepting_; });
  }

  void wait_for_connections() {
    std::unique_lock lock(mutex_);
    for (auto& [number, listed] : connections_) {
      if (const auto connection = listed.connection.lock()) {
        asio::post(connection->executor(), [connection] { connection->stop(); });
      }
    }
    has_less_.wait_for(lock, stop_time_max, [this] { return connections_.empty(); });
  }

  Premises premises_;
  SocketThreads threads_;
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::mutex stop_mutex_;
  bool is_stopped_ = false;
  std::mutex mutex_;
  std::condition_variable has_less_;  ///< Of what stop() waits for.
  bool is_accepting_ = false;
  std::map<std::uint64_t, Listed> connections_;
  std::uint64_t next_ = 0;
};

HttpServer::HttpServer(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
HttpServer::~HttpServer() { stop(); }

Result<std::unique_ptr<HttpServer>> HttpServer::listen(HttpService& service, Log& log, const ListenOptions& options) {
  auto inside = std::make_unique<Inside>(service, log, options);
  if (auto started = inside->start(); !started) return std::move(started).error();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(inside)));
}

std::uint16_t HttpServer::port() const noexcept { return inside_->port(); }
ServerLoad HttpServer::load() const { return inside_->load(); }
Result<void> HttpServer::reload_tls() { return inside_->load_tls(); }
bool HttpServer::drain() { return inside_->drain(); }
void HttpServer::stop() { inside_->stop(); }

}  // namespace holdfast::net
