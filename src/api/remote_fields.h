// Fields that other services answer: what @http and @predictions make of their arguments.
#pragma once

#include <string_view>
#include <vector>

#include "api/definitions.h"
#include "graphql/ast.h"

namespace holdfast::api {

/// `params` for the segments `:name` of the URL, `query` for the written arguments, and `body` for them too where the
/// method sends one. `definitions` gets their types.
std::vector<graphql::InputValue> http_arguments(const graphql::FieldDefinition& field, const graphql::Directive& http,
                                                std::string_view parent, Definitions& definitions);

/// One argument `input` with what each action needs; the result is text.
void ask_predictions(graphql::FieldDefinition& field, const graphql::Directive& predictions, Definitions& definitions);

}  // namespace holdfast::api
