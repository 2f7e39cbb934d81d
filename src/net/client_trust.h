// ClientTrust: whom the client's TLS believes; read when the first https:// or wss:// address comes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "net/tls.h"

namespace holdfast::net {

/// Used on the loop's one thread.
class ClientTrust {
 public:
  explicit ClientTrust(std::string ca_file) : ca_file_(std::move(ca_file)) {}

  /// Codes: those of client_tls().
  [[nodiscard]] Result<std::shared_ptr<TlsContext>> context() {
    if (!context_) context_.emplace(client_tls(ca_file_));
    return *context_;
  }

 private:
  std::string ca_file_;
  std::optional<Result<std::shared_ptr<TlsContext>>> context_;
};

}  // namespace holdfast::net
