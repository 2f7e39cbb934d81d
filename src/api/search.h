// What @searchable adds: a search query, and the types that it takes and gives.
#pragma once

#include <string>
#include <vector>

#include "api/basis.h"
#include "api/definitions.h"
#include "graphql/ast.h"

namespace holdfast::api {

/// The name of the model's search query; empty when it has none.
std::string search_name(const Basis& basis, const ModelSchema& model);
/// The search queries of all models that have one.
std::vector<graphql::FieldDefinition> search_fields(const Basis& basis, Definitions& definitions);

}  // namespace holdfast::api
