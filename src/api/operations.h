// The fields of Query, Mutation and Subscription, and the object types of a model.
#pragma once

#include <vector>

#include "api/basis.h"
#include "api/definitions.h"
#include "graphql/ast.h"
#include "holdfast/schema.h"

namespace holdfast::api {

std::vector<graphql::FieldDefinition> query_fields(const Basis& basis, const ModelSchema& model);
std::vector<graphql::FieldDefinition> mutation_fields(const Basis& basis, const ModelSchema& model);
std::vector<graphql::FieldDefinition> subscription_fields(const Basis& basis, const ModelSchema& model);

graphql::TypeDefinition model_type(const Basis& basis, const ModelSchema& model, Definitions& definitions);
graphql::TypeDefinition connection_type(const Basis& basis, const ModelSchema& model);
/// What indexes and relations give where the model has no connection of that name.
graphql::TypeDefinition related_connection_type(const ModelSchema& model);

}  // namespace holdfast::api
