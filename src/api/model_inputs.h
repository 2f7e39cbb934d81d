// The input types of one model: create, update, delete, filter, condition, subscription filter.
#pragma once

#include <vector>

#include "graphql/ast.h"
#include "holdfast/schema.h"
#include "api/document.h"

namespace holdfast::api {

graphql::TypeDefinition create_input(const ModelSchema& model, const Options& options);
graphql::TypeDefinition update_input(const ModelSchema& model, const Options& options);
graphql::TypeDefinition delete_input(const ModelSchema& model, const Options& options);
graphql::TypeDefinition filter_input(const ModelSchema& model, const Options& options);
graphql::TypeDefinition condition_input(const ModelSchema& model, const Options& options);
graphql::TypeDefinition subscription_filter_input(const Schema& schema, const ModelSchema& model,
                                                  const Options& options);

/// `ModelStatusInput`, `ModelStatusListInput`: the operators of the enums that filters of the model test.
std::vector<graphql::TypeDefinition> enum_operator_inputs(const ModelSchema& model);

}  // namespace holdfast::api
