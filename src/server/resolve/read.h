// Resolvers that read: get, list, index query, sync, and the relations of a level of records.
#pragma once

#include <span>

#include "server/resolve/request.h"

namespace holdfast::server {

Answer get(const Asked& asked);
/// list and index queries: the whole model, or the records with a partition key.
Answer list(const Asked& asked);
/// Base or delta (spec/conflict.md section 2).
Answer sync(const Asked& asked);
/// Parallel to `parents`, which are objects of the relation's model.
Answers relate(const Asked& asked, std::span<const Value* const> parents);

}  // namespace holdfast::server
