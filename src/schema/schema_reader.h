// From annotated GraphQL to Schema: the modelling dialect (spec/transformer.md), v2 and v1.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "graphql/parser.h"
#include "holdfast/schema.h"
#include "schema/written.h"

namespace holdfast::schema {

/// Several sources are one schema. On failure every problem that could be found, in source order; `render` of
/// graphql/parser.h shows them. Directives that are understood but have no effect yet are listed in `notices`.
struct Reading {
  Schema schema;
  Written written;
  std::vector<graphql::Diagnostic> notices;
};

struct ReadOptions {
  std::optional<Dialect> dialect = {};  ///< Nothing: what the first directive of one dialect says; v2 when none does.
  std::vector<AuthMode> modes = {};     ///< The API's, the default one first. Empty: any that a rule asks for.
  bool has_conflict_detection = true;
};

std::variant<Reading, std::vector<graphql::Diagnostic>> read_schema(const std::vector<graphql::Source>& sources,
                                                                    const ReadOptions& options = {});

/// As npm's `pluralize` does, on the last word of a camel-case name: Category → Categories, UserPerson → UserPeople.
std::string plural(std::string_view name);

}  // namespace holdfast::schema
