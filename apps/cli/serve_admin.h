// The admin listener of a running backend: AdminService on what there is to tell.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "apps/cli/admin.h"
#include "apps/cli/config/config.h"
#include "net/http_server.h"
#include "server/metrics/metrics.h"
#include "server/store/store.h"

namespace holdfast::cli {

/// Thread-safe.
class ServedAdmin {
 public:
  /// What is told of; all outlives it.
  struct Ports {
    const Config& config;
    server::Store& store;
    const server::Metrics& metrics;
    const net::HttpServer& api;
    Log& log;
  };
  /// Codes: invalid_argument (anybody could reach it), and those of HttpServer::listen.
  static Result<std::unique_ptr<ServedAdmin>> open(const Ports& ports);

  /// From now on it is not ready.
  void note_stopping() noexcept { is_stopping_ = true; }
  [[nodiscard]] std::uint16_t port() const noexcept { return listener_->port(); }

 private:
  explicit ServedAdmin(const Ports& ports);
  Result<void> listen();
  [[nodiscard]] Result<void> readiness();
  [[nodiscard]] std::string metrics_text() const;

  const Ports ports_;
  std::atomic<bool> is_stopping_ = false;
  std::mutex mutex_;  // Guards what was found out last.
  Result<void> writable_ = {};
  std::chrono::steady_clock::time_point looked_at_ = {};
  AdminService service_;
  std::unique_ptr<net::HttpServer> listener_;
};

}  // namespace holdfast::cli
