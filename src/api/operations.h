// The fields of Query, Mutation and Subscription, and the object types of a model.
#pragma once

#include <vector>

#include "graphql/ast.h"
#include "holdfast/schema.h"
#include "api/document.h"

namespace holdfast::api {

std::vector<graphql::FieldDefinition> query_fields(const ModelSchema& model, const Options& options);
std::vector<graphql::FieldDefinition> mutation_fields(const ModelSchema& model);
std::vector<graphql::FieldDefinition> subscription_fields(const ModelSchema& model);

graphql::TypeDefinition model_type(const Schema& schema, const ModelSchema& model, const Options& options);
graphql::TypeDefinition connection_type(const ModelSchema& model, const Options& options);

}  // namespace holdfast::api
