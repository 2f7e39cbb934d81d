// The admin listener: what whoever runs the backend asks of it, apart from its API (decision 0021).
#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "base/transport.h"
#include "holdfast/result.h"

namespace holdfast::cli {

/// What it answers from. All are called on the listener's threads.
struct AdminPorts {
  std::string key = {};                                ///< For /config and /backup; empty: none is asked for.
  std::function<Result<void>()> readiness = {};        ///< An error when no request should come here now.
  std::function<std::string()> metrics = {};           ///< In the text format of Prometheus.
  std::function<std::string()> config = {};            ///< JSON, without secrets.
  std::function<Result<void>(const std::string& path)> backup = {};
};

/// GET /livez, /readyz, /metrics, /config; POST /backup {"to": "/path/of/the/new.db"}. Whatever a browser's page sends is
/// refused. Thread-safe.
class AdminService final : public HttpService {
 public:
  explicit AdminService(AdminPorts ports) : ports_(std::move(ports)) {}
  [[nodiscard]] HttpResponse respond(const HttpRequest& request) override;
  [[nodiscard]] std::variant<AcceptedSocket, HttpResponse> accept(const HttpRequest& upgrade,
                                                                  std::shared_ptr<SocketPeer> peer) override;

 private:
  [[nodiscard]] HttpResponse route(const std::string& path, const HttpRequest& request);
  [[nodiscard]] HttpResponse back_up(const HttpRequest& request);
  [[nodiscard]] bool has_key(const HttpRequest& request) const;

  const AdminPorts ports_;
  std::mutex backup_;  // One at a time.
};

/// Whether only this machine reaches the host's address.
bool is_loopback(const std::string& host);

}  // namespace holdfast::cli
