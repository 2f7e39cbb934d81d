// Credentials on requests: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/transport.h"
#include "holdfast/auth.h"
#include "holdfast/value.h"

namespace holdfast::protocol {

/// What requests are signed with in the mode iam.
struct IamKeys {
  std::string region;
  IamSigner signer = nullptr;
  IamCredentials credentials;
};
/// Credentials that are at hand.
using Credentials = std::variant<Anonymous, ApiKey, AuthToken, IamKeys>;

/// Adds the headers of `credentials` to an HTTP request, whose other headers (names in lower case) and body are final. Its
/// target has been checked.
void sign(const Credentials& credentials, HttpRequest& request, Instant now);
/// The authorization object of a realtime handshake. `endpoint` is the GraphQL endpoint.
Object connect_authorization(const Credentials& credentials, std::string_view endpoint, Instant now);
/// The authorization object of a `start` frame that carries `data`.
Object start_authorization(const Credentials& credentials, std::string_view endpoint, Instant now, std::string_view data);

/// Our own header: a name of one mutation that stays the same through its retries, so that the backend writes it once.
inline constexpr std::string_view mutation_id_header = "x-holdfast-mutation";

}  // namespace holdfast::protocol
