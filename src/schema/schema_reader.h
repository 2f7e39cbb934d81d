// From annotated GraphQL to Schema: the modelling dialect (spec/transformer.md), v2 and v1.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "graphql/parser.h"
#include "holdfast/schema.h"

namespace holdfast::schema {

/// Several sources are one schema. On failure every problem that could be found, in source order; `render` of
/// graphql/parser.h shows them. Directives that are understood but have no effect yet are listed in `notices`.
struct Reading {
  Schema schema;
  std::vector<graphql::Diagnostic> notices;
};
std::variant<Reading, std::vector<graphql::Diagnostic>> read_schema(const std::vector<graphql::Source>& sources);

/// As npm's `pluralize` does, on the last word of a camel-case name: Category → Categories, UserPerson → UserPeople.
std::string plural(std::string_view name);

}  // namespace holdfast::schema
