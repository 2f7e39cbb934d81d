#include "server/auth/decide.h"

#include "base/bytes.h"

namespace holdfast::server {
namespace {

constexpr std::string_view key_header = "x-api-key";

std::optional<Caller> admitted(std::string_view api_key, const std::string* given) {
  if (api_key.empty()) return Caller{AuthMode::open};
  if (given == nullptr || !equal_in_constant_time(*given, api_key)) return std::nullopt;
  return Caller{AuthMode::api_key};
}

}  // namespace

std::optional<Caller> authenticate(std::string_view api_key, const Headers& headers) {
  return admitted(api_key, header(headers, key_header));
}

std::optional<Caller> authenticate(std::string_view api_key, const Object& authorization) {
  // Clients differ in the case of the names.
  for (const auto& member : authorization) {
    if (equal_ignoring_case(member.name, key_header)) return admitted(api_key, member.value.as_string());
  }
  return admitted(api_key, nullptr);
}

Decision decide(const Caller& /*caller*/, Operation /*operation*/, const ModelSchema& /*model*/) noexcept {
  return Decision::allow;
}

Decision decide(const Caller& /*caller*/, std::string_view /*type*/, std::string_view /*field*/) noexcept {
  return Decision::allow;
}

Value identity_of(const Caller& /*caller*/) { return {}; }

}  // namespace holdfast::server
