// What of a predicate a service can evaluate, as the filter of its sync queries and subscriptions.
//
// A filter is never narrower than the predicate: what the service cannot say is left out, and the device evaluates the
// whole predicate on all that arrives.
#pragma once

#include "holdfast/predicate.h"
#include "holdfast/schema.h"
#include "holdfast/value.h"

namespace holdfast::protocol {

/// The `filter` of a sync query (`Model<T>FilterInput`); null when it would say nothing. The predicate has passed `check`.
Value sync_filter(const ModelSchema& model, const Predicate& predicate);

/// The `filter` of a subscription (`ModelSubscription<T>FilterInput`), which knows neither `not` nor sizes; null also
/// when it is beyond appsync_filter_limits.
Value subscription_filter(const ModelSchema& model, const Predicate& predicate);

}  // namespace holdfast::protocol
