// How large a subscription's filter may be, in the words that AppSync refuses one with.
#pragma once

#include <optional>
#include <string>

#include "holdfast/value.h"
#include "server/server.h"

namespace holdfast::server {

/// Why this filter, which `read_filter` has read, is beyond the limits. DataStore that reads these words subscribes
/// again without the filter and filters by itself.
std::optional<std::string> filter_refusal(const Value& filter, const SubscriptionFilterLimits& limits);

}  // namespace holdfast::server
