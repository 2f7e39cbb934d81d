// ClientTrust: whom the client's TLS believes; the system's certificates are read when the first
// https:// or wss:// address comes.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "net/tls.h"

namespace holdfast::net {

/// Used on the loop's one thread.
class ClientTrust {
 public:
  /// Codes: those of client_tls().
  [[nodiscard]] Result<std::shared_ptr<TlsContext>> context() {
    if (!context_) context_.emplace(client_tls({}));
    return *context_;
  }
  /// Null: as at first.
  void become(std::shared_ptr<TlsContext> context) {
    context_.reset();
    if (context) context_.emplace(std::move(context));
  }

 private:
  std::optional<Result<std::shared_ptr<TlsContext>>> context_;
};

}  // namespace holdfast::net
