// What SQLite's parser and its limits bear of a predicate.
#pragma once

#include "holdfast/predicate.h"

namespace holdfast::client {

/// Whether SQLite can filter by the predicate; when not, let it give every row and evaluate().
[[nodiscard]] bool fits_sql(const Predicate& predicate);

}  // namespace holdfast::client
