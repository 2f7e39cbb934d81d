#include "protocol/signers.h"

#include "protocol/amz_date.h"
#include "protocol/endpoint.h"

namespace holdfast::protocol {
namespace {

constexpr std::string_view api_key_header = "x-api-key";

Endpoint checked(std::string_view endpoint) {
  auto parts = parse_endpoint(endpoint);
  HOLDFAST_ASSERT(parts.has_value(), "the endpoint is checked before anything is sent to it");
  return std::move(*parts);
}

/// As the published clients sign what goes through the socket: as if it were a POST of `body` to the endpoint and
/// `path`.
Object signed_object(const IamKeys& keys, const Endpoint& endpoint, std::string_view path, std::string_view body,
                     Instant now) {
  const Headers headers{{"accept", "application/json, text/javascript"},
                        {"content-encoding", "amz-1.0"},
                        {"content-type", "application/json; charset=UTF-8"}};
  const auto whole_path = endpoint.path + std::string(path);
  const auto added =
      keys.signer({"POST", endpoint.authority, whole_path, body, headers, now}, keys.region, keys.credentials);
  Object authorization;
  for (const auto& [name, value] : headers) authorization.append(name, value);
  authorization.append("host", endpoint.authority);
  for (const auto& [name, value] : added) authorization.append(name, value);
  return authorization;
}

Object realtime_authorization(const Credentials& credentials, const Endpoint& endpoint, std::string_view path,
                              std::string_view body, Instant now) {
  if (const auto* keys = std::get_if<IamKeys>(&credentials)) return signed_object(*keys, endpoint, path, body, now);
  if (const auto* token = std::get_if<AuthToken>(&credentials)) {
    return {{"Authorization", token->text}, {"host", endpoint.authority}};
  }
  Object authorization{{"host", endpoint.authority}};
  if (const auto* api_key = std::get_if<ApiKey>(&credentials)) {
    authorization.set("x-amz-date", amz_date(now));
    authorization.set(api_key_header, api_key->key);
  }
  return authorization;
}

void sign_with(const IamKeys& keys, HttpRequest& request, Instant now) {
  const auto endpoint = checked(request.target);
  const auto added =
      keys.signer({request.method, endpoint.authority, endpoint.path, request.body, request.headers, now}, keys.region,
                  keys.credentials);
  request.headers.insert(request.headers.end(), added.begin(), added.end());
}

}  // namespace

void sign(const Credentials& credentials, HttpRequest& request, Instant now) {
  if (const auto* api_key = std::get_if<ApiKey>(&credentials)) {
    request.headers.emplace_back(api_key_header, api_key->key);
  } else if (const auto* token = std::get_if<AuthToken>(&credentials)) {
    request.headers.emplace_back("authorization", token->text);
  } else if (const auto* keys = std::get_if<IamKeys>(&credentials)) {
    sign_with(*keys, request, now);
  }
}

Object connect_authorization(const Credentials& credentials, std::string_view endpoint, Instant now) {
  return realtime_authorization(credentials, checked(endpoint), "/connect", "{}", now);
}

Object start_authorization(const Credentials& credentials, std::string_view endpoint, Instant now,
                           std::string_view data) {
  return realtime_authorization(credentials, checked(endpoint), "", data, now);
}

}  // namespace holdfast::protocol
