// The table of outcomes: what a status, an error name or an error type means for the sender. Internal to the room.
#pragma once

#include <optional>

#include "base/transport.h"
#include "holdfast/value.h"
#include "protocol/replies.h"

namespace holdfast::protocol {

/// What failed below GraphQL: the transport, or an HTTP status that is not 2xx. Nothing for a reply to be read.
std::optional<ReplyError> http_failure(const Result<HttpResponse>& reply);

/// What a member of `errors` says.
ReplyError graphql_failure(const Value& error);

ReplyError malformed_reply(std::string_view why);

}  // namespace holdfast::protocol
