// What @searchable adds: a search query, and the types that it takes and gives.
#pragma once

#include "api/basis.h"
#include "api/definitions.h"
#include "graphql/ast.h"

namespace holdfast::api {

/// The search queries of all models that have one.
std::vector<graphql::FieldDefinition> search_fields(const Basis& basis, Definitions& definitions);

}  // namespace holdfast::api
