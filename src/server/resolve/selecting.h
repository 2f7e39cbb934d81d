// From a field's arguments to what it reads.
#pragma once

#include "server/resolve/collection.h"
#include "server/resolve/request.h"

namespace holdfast::server {

/// limit, filter, sortDirection and the sort key argument; the partition is added by the caller.
/// Code: invalid_argument.
Result<Selecting> selecting_of(const Asked& asked);

/// `where` becomes both.
void require(Predicate part, Predicate& where);

/// One page of one collection: in store order when it has no order of its own, which the store can page by itself.
/// Codes: those of Store.
Result<CollectionPage> page_of(Store& store, const Selecting& selecting, const Object& after);

}  // namespace holdfast::server
