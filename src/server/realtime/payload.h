// What a subscription is told.
#pragma once

#include <string>

#include "server/parts.h"
#include "server/realtime/dispatch.h"

namespace holdfast::server {

/// The payload `{"data":...}`: the subscription's own selection, filled from the record that has changed, or from what
/// a mutation answered. Empty when there is nothing to show. Code: those of Store, when a relation could not be read.
Result<std::string> data_payload(Server::Parts& parts, const Listening& listening, const News& news);

}  // namespace holdfast::server
