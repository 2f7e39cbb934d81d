#include "server/auth/authenticate.h"

#include "base/bytes.h"

namespace holdfast::server {
namespace {

constexpr std::string_view key_header = "x-api-key";

}  // namespace

std::optional<Caller> Authenticator::caller_of(const Headers& headers, Instant now) const {
  return admitted(header(headers, key_header), now);
}

std::optional<Caller> Authenticator::caller_of(const Object& authorization, Instant now) const {
  // Clients differ in the case of the names.
  for (const auto& member : authorization) {
    if (equal_ignoring_case(member.name, key_header)) return admitted(member.value.as_string(), now);
  }
  return admitted(nullptr, now);
}

std::optional<Caller> Authenticator::admitted(const std::string* given, Instant now) const {
  if (keys_.empty()) return Caller{};
  if (given == nullptr) return std::nullopt;
  std::optional<Caller> caller;
  // All are compared, so that the time taken does not tell which one came close.
  for (const auto& key : keys_) {
    const bool is_valid = !key.expires_at || now < *key.expires_at;
    if (equal_in_constant_time(*given, key.secret) && is_valid) caller = Caller{AuthMode::api_key, key.name};
  }
  return caller;
}

}  // namespace holdfast::server
