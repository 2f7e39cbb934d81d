#include <algorithm>
#include <optional>

#include "base/bytes.h"
#include "base/json.h"
#include "protocol/endpoint.h"
#include "protocol/frames.h"
#include "protocol/query.h"

namespace holdfast::protocol {
namespace {

constexpr std::string_view header_prefix = "header-";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> offered_protocols(const HttpRequest& upgrade) {
  std::vector<std::string_view> offered;
  for (const auto& [name, value] : upgrade.headers) {
    if (!equal_ignoring_case(name, "Sec-WebSocket-Protocol")) continue;
    for (std::string_view rest = value; !rest.empty();) offered.push_back(trimmed(next_part(rest, ',')));
  }
  return offered;
}

Result<Object> decoded_authorization(std::string_view encoded, std::string_view place) {
  const auto refused = [place](std::string_view why) {
    return Error{Code::malformed, "the authorization in " + std::string(place) + " is " + std::string(why)};
  };
  auto text = from_base64(encoded);
  if (!text) return refused("not base64");
  auto value = json::parse(*text);
  if (!value) return refused("not JSON");
  auto* object = value->as_object();
  if (!object) return refused("not a JSON object");
  return std::move(*object);
}

}  // namespace

Result<std::string> realtime_url(std::string_view endpoint) {
  HOLDFAST_TRY(parts, parse_endpoint(endpoint));
  const std::string scheme = parts.is_secure ? "wss://" : "ws://";
  if (const auto host = appsync_realtime_host(parts)) return scheme + *host + parts.path;
  // A slash at the end would give an empty path segment that no server listens on.
  auto path = parts.path;
  if (path.ends_with('/')) path.pop_back();
  return scheme + parts.authority + path + "/realtime";
}

std::string header_protocol(const Object& authorization) {
  return std::string(header_prefix) + base64url(json::write(authorization));
}

Result<Object> handshake_authorization(const HttpRequest& upgrade) {
  for (const auto protocol : offered_protocols(upgrade)) {
    if (protocol.starts_with(header_prefix)) {
      return decoded_authorization(protocol.substr(header_prefix.size()), "Sec-WebSocket-Protocol");
    }
  }
  auto encoded = query_parameter(upgrade.target, "header");
  if (!encoded) return Object{};
  // Standard base64 has a '+', which clients that do not escape it lose to a space.
  std::replace(encoded->begin(), encoded->end(), ' ', '+');
  return decoded_authorization(*encoded, "the query parameter header");
}

bool offers_realtime(const HttpRequest& upgrade) {
  const auto offered = offered_protocols(upgrade);
  return std::find(offered.begin(), offered.end(), realtime_protocol) != offered.end();
}

}  // namespace holdfast::protocol
