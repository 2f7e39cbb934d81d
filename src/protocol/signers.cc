#include "protocol/signers.h"

#include "base/instant.h"
#include "protocol/endpoint.h"

namespace holdfast::protocol {
namespace {

constexpr std::string_view api_key_header = "x-api-key";

/// "20261121T015901Z", the basic format of AWS.
std::string amz_date(Instant now) {
  std::string text;
  for (const char letter : iso8601(std::chrono::floor<std::chrono::seconds>(now))) {
    if (letter == '.') break;
    if (letter != '-' && letter != ':') text += letter;
  }
  return text + 'Z';
}

}  // namespace

void sign(const Auth& auth, HttpRequest& request) {
  if (const auto* api_key = std::get_if<ApiKey>(&auth)) {
    request.headers.emplace_back(api_key_header, api_key->key);
  }
}

Object realtime_authorization(const Auth& auth, std::string_view endpoint, Instant now) {
  auto parts = parse_endpoint(endpoint);
  HOLDFAST_ASSERT(parts.has_value(), "the endpoint is checked before realtime starts");
  Object authorization{{"host", parts->authority}};
  if (const auto* api_key = std::get_if<ApiKey>(&auth)) {
    authorization.set("x-amz-date", amz_date(now));
    authorization.set(api_key_header, api_key->key);
  }
  return authorization;
}

}  // namespace holdfast::protocol
