// The schema that a database was last brought to, as its own tables tell.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "holdfast/result.h"
#include "holdfast/schema.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// Null for a new file. Layout 1 knows columns only: what its column can hold is taken to be of the type that `wanted` has.
/// Codes: those of Connection; corrupt.
Result<std::optional<Schema>> held_schema(sqlite::Connection& connection, const Schema& wanted);
/// Notes the schema as the file's own.
Result<void> hold_schema(sqlite::Connection& connection, const Schema& schema, std::string_view structure);
/// Whether the file is of exactly this structure.
Result<bool> has_structure(sqlite::Connection& connection, std::string_view structure);

/// The names of the models' tables.
Result<std::set<std::string>> model_tables_in(sqlite::Connection& connection);
/// The first column of each row.
Result<std::set<std::string>> texts_of(sqlite::Connection& connection, std::string_view sql, std::string_view bound);

}  // namespace holdfast::client
