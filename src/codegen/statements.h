// Statements: the queries, mutations and subscriptions of an API as documents for a client to send.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "codegen/cpp_models.h"
#include "graphql/ast.h"
#include "holdfast/result.h"

namespace holdfast::codegen {

enum class StatementTarget : std::uint8_t { graphql, javascript, typescript, flow, angular };

/// Deeper selections than this are refused.
inline constexpr int statement_depth_max = 99;
/// What the statements of one API may select together; a cyclic API selected too deeply would go beyond any memory.
inline constexpr std::size_t statement_fields_max = 1'000'000;

struct StatementOptions {
  StatementTarget target = StatementTarget::graphql;
  int depth = 2;                ///< Levels of selected objects, from 1 to statement_depth_max.
  bool has_typename = true;     ///< Whether `__typename` ends the selection of every object type.
  std::string types_path = {};  ///< typescript: where API.ts is, seen from the statements; empty for untyped strings.
};

/// queries, mutations and subscriptions, as far as the API has any, named as the target's files are; for graphql
/// also fragments. One statement for each root field, in the order of the document. Codes: limit_exceeded, and
/// unsupported for a field whose name cannot be that of a constant.
Result<std::vector<GeneratedFile>> statements(const graphql::SchemaDocument& api, const StatementOptions& options);

}  // namespace holdfast::codegen
