// Credentials on requests: pure functions.
#pragma once

#include <string_view>

#include "base/transport.h"
#include "holdfast/sync.h"
#include "holdfast/value.h"

namespace holdfast::protocol {

/// Adds the headers of `auth` to an HTTP request.
void sign(const Auth& auth, HttpRequest& request);
/// The authorization object of a realtime handshake or `start` frame. `endpoint` is the GraphQL endpoint.
Object realtime_authorization(const Auth& auth, std::string_view endpoint, Instant now);

/// Our own header: a name of one mutation that stays the same through its retries, so that the backend writes it once.
inline constexpr std::string_view mutation_id_header = "x-holdfast-mutation";

}  // namespace holdfast::protocol
