#include "apps/cli/serve_admin.h"

#include <utility>

#include "apps/cli/process_metrics.h"
#include "base/json.h"

namespace holdfast::cli {
namespace {

// Whoever asks more often is told the same: each look is a write.
constexpr std::chrono::seconds look_again_after{1};
// Of the listener: those who watch are few.
constexpr std::size_t connections_max = 64;
// Of a request: the longest names a path.
constexpr std::size_t body_bytes_max = std::size_t{64} << 10U;

}  // namespace

Result<std::unique_ptr<ServedAdmin>> ServedAdmin::open(const Ports& ports) {
  const auto& admin = ports.config.settings.admin;
  if (!is_loopback(admin.host) && admin.key.empty()) {
    return Error{
        Code::invalid_argument,
        "admin.host is " + admin.host + ", where other machines may reach it: set admin.key, or keep it at 127.0.0.1."};
  }
  std::unique_ptr<ServedAdmin> made(new ServedAdmin(ports));
  if (auto listening = made->listen(); !listening) return std::move(listening).error();
  return made;
}

ServedAdmin::ServedAdmin(const Ports& ports)
    : ports_(ports),
      service_({.key = ports.config.settings.admin.key,
                .readiness = [this] { return readiness(); },
                .metrics = [this] { return metrics_text(); },
                .config = [this] { return json::write(config_json(ports_.config)); },
                .backup = [this](const std::string& path) { return ports_.store.backup(path); }}) {}

Result<void> ServedAdmin::listen() {
  const auto& admin = ports_.config.settings.admin;
  net::ListenOptions options;
  options.host = admin.host;
  options.connections_max = connections_max;
  options.body_bytes_max = body_bytes_max;
  // The port after the API's, unless that one was any free one, too.
  const auto next = static_cast<std::uint16_t>(ports_.api.port() + 1);
  options.port = admin.port.value_or(ports_.config.settings.listen.port == 0 ? std::uint16_t{0} : next);
  auto listener = net::HttpServer::listen(service_, ports_.log, options);
  if (!listener && !admin.port) {
    options.port = 0;
    listener = net::HttpServer::listen(service_, ports_.log, options);
  }
  if (!listener) return Error{listener.error().code, "admin.host, admin.port: " + listener.error().message};
  listener_ = *std::move(listener);
  return {};
}

Result<void> ServedAdmin::readiness() {
  if (is_stopping_) return Error{Code::closed, "it is stopping"};
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_at_ < look_again_after) return writable_;
  writable_ = ports_.store.set_setting("readiness", "");
  looked_at_ = now;
  return writable_;
}

std::string ServedAdmin::metrics_text() const {
  server::Exposition text;
  text.family("holdfast_build_info", "gauge", "The version that is running.");
  text.sample("version=\"" HOLDFAST_VERSION "\"", std::uint64_t{1});
  ports_.metrics.write(text);
  const auto load = ports_.api.load();
  text.family("holdfast_connections", "gauge", "Open connections of the API, sockets among them.");
  text.sample("", std::uint64_t{load.connections});
  text.family("holdfast_queue_bytes", "gauge", "Frames that wait for sockets which read slowly.");
  text.sample("", std::uint64_t{load.queued_bytes});
  write_process_metrics(text);
  return text.text();
}

}  // namespace holdfast::cli
