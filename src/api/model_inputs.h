// The input types of one model: create, update, delete, filter, condition, subscription filter.
#pragma once

#include <vector>

#include "api/basis.h"
#include "graphql/ast.h"
#include "holdfast/schema.h"

namespace holdfast::api {

graphql::TypeDefinition create_input(const Basis& basis, const ModelSchema& model);
graphql::TypeDefinition update_input(const Basis& basis, const ModelSchema& model);
graphql::TypeDefinition delete_input(const Basis& basis, const ModelSchema& model);
graphql::TypeDefinition filter_input(const Basis& basis, const ModelSchema& model);
/// What indexes and relations filter by where the model has no filter of that name: without timestamps, for relations
/// without generated keys too.
graphql::TypeDefinition related_filter_input(const Basis& basis, const ModelSchema& model, bool is_relation);
graphql::TypeDefinition condition_input(const Basis& basis, const ModelSchema& model);
graphql::TypeDefinition subscription_filter_input(const Basis& basis, const ModelSchema& model);

/// `ModelStatusInput`, `ModelStatusListInput`: the operators of the enums that filters of the model test.
std::vector<graphql::TypeDefinition> enum_operator_inputs(const Basis& basis, const ModelSchema& model);

}  // namespace holdfast::api
