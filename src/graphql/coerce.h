// Input coercion (October 2021, section 6.1.2 and 6.4.1): literals and arguments to values.
#pragma once

#include <variant>

#include "graphql/ast.h"
#include "graphql/execute.h"
#include "graphql/type_system.h"
#include "graphql/validate.h"
#include "holdfast/result.h"
#include "holdfast/value.h"

namespace holdfast::graphql {

/// What values mean: the types, and how custom scalars read. Refers to both. Safe to use from any thread if
/// `scalars` is.
struct InputRules {
  const TypeSystem& types;
  const Scalars& scalars;
};

/// The value of a literal where `type` is expected, variables put in. Code: invalid_argument; the message is empty
/// where graphql-js has none of its own.
Result<Value> coerce_literal(const InputRules& rules, const TypeRef& type, const AstValue& literal,
                             const Object& variables);

/// A field's arguments: defaults filled in, absent ones absent. The error carries graphql-js's message.
std::variant<Object, RequestError> coerce_arguments(const InputRules& rules, const FieldDefinition& field,
                                                    const Selection& selection, const Object& variables);

}  // namespace holdfast::graphql
