// Whether a schema that was not made by the schema room hangs together.
#pragma once

#include "holdfast/result.h"
#include "holdfast/schema.h"

namespace holdfast {

/// Names are GraphQL names and distinct; types, keys, indexes and relations name what is there. The rest of the house
/// takes this for granted. Code: malformed, naming the place.
Result<void> check(const Schema& schema);

}  // namespace holdfast
