// What an operation may cost: the fields of the largest answer it could get.
#pragma once

#include <cstdint>

#include "graphql/ast.h"
#include "graphql/type_system.h"
#include "holdfast/value.h"
#include "server/resolve/routes.h"

namespace holdfast::server {

/// Every field counts one, and everything inside a field with a `limit` argument as often as that argument allows:
/// its value, that of the route without one, at most `page_rows_max`. Saturates. The document is valid and `variables`
/// are coerced. Linear in the document's size.
std::uint64_t cost_of(const graphql::TypeSystem& types, const Routes& routes, const graphql::Document& document,
                      const graphql::Operation& operation, const Object& variables, std::uint32_t page_rows_max);

}  // namespace holdfast::server
