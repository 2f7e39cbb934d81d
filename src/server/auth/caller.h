// Caller: who a request or a subscription comes from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "holdfast/value.h"

namespace holdfast::server {

enum class AuthMode : std::uint8_t { open, api_key };
/// "open", "apiKey".
std::string_view name(AuthMode mode) noexcept;

/// Somebody whose credentials were accepted.
struct Caller {
  AuthMode mode = AuthMode::open;
  std::string key_name = {};  ///< api_key: which of the server's keys.
  std::string subject = {};   ///< Who a token speaks of; keys and open access name nobody.
  Object claims = {};         ///< What a token says of its subject.

  /// What page tokens are bound to: stays the same when the same caller's key or token is renewed.
  [[nodiscard]] std::string identity() const;
  /// Equal only for callers of whom every decision is the same: what frames may be shared by.
  [[nodiscard]] std::string fingerprint() const;
  /// Who calls, as functions are told: null for callers without a name.
  [[nodiscard]] Value described() const;
};

}  // namespace holdfast::server
