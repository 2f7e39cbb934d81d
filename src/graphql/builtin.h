// What every type system holds without saying so: the five scalars, the directives, the introspection types.
#pragma once

#include <string_view>

#include "graphql/ast.h"

namespace holdfast::graphql {

/// Parsed once; the same for every type system. Safe to read from any thread.
const SchemaDocument& builtin_definitions();

/// Int, Float, String, Boolean, ID.
bool is_builtin_scalar(std::string_view name) noexcept;

/// The fields that exist without being declared.
const FieldDefinition& typename_field();  ///< __typename: String! on every composite type
const FieldDefinition& schema_field();    ///< __schema: __Schema! on the query root
const FieldDefinition& type_field();      ///< __type(name: String!): __Type on the query root

}  // namespace holdfast::graphql
