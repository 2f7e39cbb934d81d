// The one decision point: who calls, and whether this caller may do that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/transport.h"
#include "holdfast/schema.h"
#include "holdfast/value.h"

namespace holdfast::server {

enum class AuthMode : std::uint8_t { open, api_key };

/// Somebody whose credentials were accepted.
struct Caller {
  AuthMode mode = AuthMode::open;

  /// What page tokens are bound to: stays the same when the same caller's key is renewed.
  [[nodiscard]] std::string_view identity() const noexcept { return mode == AuthMode::open ? "open" : "apiKey"; }
};

enum class Operation : std::uint8_t { get, list, sync, create, update, remove, listen };

enum class Decision : std::uint8_t { allow, deny };

/// Who an HTTP request, or the authorization object of a realtime handshake or `start`, comes from. Nothing when the
/// credentials are missing or wrong. `api_key` empty: everybody is let in.
std::optional<Caller> authenticate(std::string_view api_key, const Headers& headers);
std::optional<Caller> authenticate(std::string_view api_key, const Object& authorization);

/// Every accepted caller may use every model: rules of schemas are not read yet.
Decision decide(const Caller& caller, Operation operation, const ModelSchema& model) noexcept;
/// The same for a field that a function or a service of the author's answers.
Decision decide(const Caller& caller, std::string_view type, std::string_view field) noexcept;

/// Who calls, as functions are told: null for callers without a name.
Value identity_of(const Caller& caller);

}  // namespace holdfast::server
