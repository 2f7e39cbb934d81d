// The operator inputs that every API has: ModelStringInput, ModelSubscriptionIDInput, ModelSizeInput ...
#pragma once

#include <vector>

#include "graphql/ast.h"

namespace holdfast::api {

/// ModelSortDirection, ModelAttributeTypes, and all operator inputs.
std::vector<graphql::TypeDefinition> fixed_types();

}  // namespace holdfast::api
