// The parts of a GraphQL endpoint's URL. Internal to the room.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "holdfast/result.h"

namespace holdfast::protocol {

struct Endpoint {
  bool is_secure = false;
  std::string authority;  ///< `host[:port]`, lower case, without the scheme's default port.
  std::string path;       ///< From the first slash on; may be empty.
};

/// `http(s)://host[:port][/path]`, the scheme in any case (`HTTP://` is how stock clients are made to use `ws://`).
/// Code: invalid_argument, also for a query, a fragment or credentials in the URL.
Result<Endpoint> parse_endpoint(std::string_view url);

/// The realtime host of an endpoint that is AppSync's own; nothing for every other host.
std::optional<std::string> appsync_realtime_host(const Endpoint& endpoint);

}  // namespace holdfast::protocol
