// Validation of a request's document against a type system (October 2021, section 5).
#pragma once

#include <string>
#include <vector>

#include "graphql/ast.h"
#include "graphql/type_system.h"

namespace holdfast::graphql {

/// An error of the `errors` list of a response.
struct RequestError {
  std::string message;
  std::vector<Location> locations = {};
};

/// All violations, rule by rule, with graphql-js's messages; empty when the document is valid.
std::vector<RequestError> validate(const TypeSystem& types, const Document& document);

}  // namespace holdfast::graphql
