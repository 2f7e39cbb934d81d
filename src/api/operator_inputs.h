// The operator inputs that every API has: ModelStringInput, ModelSubscriptionIDInput, ModelSizeInput ...
#pragma once

#include <vector>

#include "api/basis.h"
#include "graphql/ast.h"

namespace holdfast::api {

/// ModelSortDirection, ModelAttributeTypes, and the operator inputs of the dialect.
std::vector<graphql::TypeDefinition> fixed_types(const Basis& basis);

}  // namespace holdfast::api
