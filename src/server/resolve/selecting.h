// From a field's arguments to what it reads.
#pragma once

#include "server/resolve/collection.h"
#include "server/resolve/request.h"

namespace holdfast::server {

/// limit, filter, sortDirection and the sort key argument, on the index of the route. Code: invalid_argument.
Result<Selecting> selecting_of(const Asked& asked);

/// `where` becomes both.
void require(Predicate part, Predicate& where);

}  // namespace holdfast::server
