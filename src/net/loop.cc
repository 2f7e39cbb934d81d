#include "net/loop.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <thread>
#include <utility>

#include "net/client_trust.h"
#include "net/gate.h"
#include "net/http_client.h"
#include "net/timers.h"
#include "net/ws_client.h"

namespace holdfast::net {
namespace asio = boost::asio;

class Loop::Inside {
 public:
  explicit Inside(std::size_t bytes_max)
      : timers(io),
        http(std::make_shared<HttpClient>(io, bytes_max, trust)),
        work_(io.get_executor()) {
    thread_ = std::thread([this]() noexcept { io.run(); });
  }

  // What still waits dies with `io`, on this thread, after the gate is shut.
  ~Inside() {
    HOLDFAST_ASSERT(std::this_thread::get_id() != thread_.get_id(), "a Loop is not destroyed on its own thread");
    io.stop();
    thread_.join();
    gate->shut();
    timers.shut();
  }

  asio::io_context io{1};
  // Shared with the sockets' handles, which may outlive the loop.
  std::shared_ptr<Gate> gate = std::make_shared<Gate>();
  // Shared with the sockets' and the client's coroutines.
  std::shared_ptr<ClientTrust> trust = std::make_shared<ClientTrust>();
  Timers timers;
  // Shared with the exchanges under way, which die with `io`.
  std::shared_ptr<HttpClient> http;

 private:
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
};

Loop::Loop(std::size_t bytes_max) : inside_(std::make_unique<Inside>(bytes_max)) {}
Loop::~Loop() = default;

Instant Loop::wall() { return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()); }
Tick Loop::ticks() { return tick_now(); }
void Loop::wake_at(Tick at, std::function<void()> task) { inside_->timers.add(at, std::move(task)); }

void Loop::exchange(HttpRequest request, Milliseconds timeout, std::function<void(Result<HttpResponse>)> done) {
  asio::post(inside_->io,
             [http = inside_->http, request = std::move(request), timeout, done = std::move(done)]() mutable {
               http->start(std::move(request), timeout, std::move(done));
             });
}

std::unique_ptr<Socket> Loop::open_socket(SocketRequest request, SocketEvents events) {
  return open_ws(inside_->io, {inside_->gate, inside_->trust}, std::move(request), std::move(events));
}

Result<void> Loop::trust(const std::string& ca_file) {
  // Read now, to be told of; the system's certificates only when they are needed.
  std::shared_ptr<TlsContext> context;
  if (!ca_file.empty()) {
    HOLDFAST_TRY(read, client_tls(ca_file));
    context = std::move(read);
  }
  asio::post(inside_->io,
             [trust = inside_->trust, context = std::move(context)]() mutable { trust->become(std::move(context)); });
  return {};
}

}  // namespace holdfast::net
