// From credentials to the caller.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/transport.h"
#include "holdfast/time.h"
#include "server/auth/caller.h"

namespace holdfast::server {

/// A key that lets its bearers in, until it expires if it does.
struct ApiKey {
  std::string name = {};  ///< For logs and decisions; says nothing of the secret.
  std::string secret = {};
  std::optional<Instant> expires_at = {};
};

/// Immutable; safe from any thread.
class Authenticator {
 public:
  /// Without any key, even an expired one, everybody is let in.
  explicit Authenticator(std::vector<ApiKey> keys) : keys_(std::move(keys)) {}

  /// Who an HTTP request, or the authorization object of a realtime handshake or `start`, comes from at this time.
  /// Nothing when the credentials are missing, wrong or expired.
  [[nodiscard]] std::optional<Caller> caller_of(const Headers& headers, Instant now) const;
  [[nodiscard]] std::optional<Caller> caller_of(const Object& authorization, Instant now) const;

 private:
  [[nodiscard]] std::optional<Caller> admitted(const std::string* given, Instant now) const;

  std::vector<ApiKey> keys_;
};

}  // namespace holdfast::server
