// The directives of the two dialects, as GraphQL defines directives: where each may stand and what it takes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/ast.h"
#include "schema/written.h"

namespace holdfast::schema {

/// What a schema of the dialect may use without defining it: the directives, and the inputs and enums of their
/// arguments, whose names are therefore taken. Parsed once. Safe to read from any thread.
const graphql::SchemaDocument& known_definitions(Dialect dialect);

/// An input or enum of the directives' arguments; null when there is none of this name.
const graphql::TypeDefinition* known_type(Dialect dialect, std::string_view name);

/// The directive of that dialect; null when it has none of this name.
const graphql::DirectiveDefinition* known_directive(Dialect dialect, std::string_view name);

/// The only dialect that has a relation, key or version directive of this name; nothing for what both have, and for
/// directives that say nothing about the shape of records.
std::optional<Dialect> dialect_of(std::string_view directive_name) noexcept;

/// Names of all directives of the dialect, for suggestions.
std::vector<std::string> known_directive_names(Dialect dialect);

}  // namespace holdfast::schema
