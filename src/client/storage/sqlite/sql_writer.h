// Predicates and queries as SQL. One of the predicate's readers: whatever it writes selects exactly the rows for
// which evaluate() is true.
#pragma once

#include <string>
#include <vector>

#include "client/storage/sqlite/tables.h"
#include "holdfast/predicate.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// A value for a parameter; `as_bytes` binds a string as a blob.
struct Parameter {
  Value value;
  bool as_bytes = false;
};

/// A statement's text with what its parameters stand for, first to last.
struct Sql {
  std::string text;
  std::vector<Parameter> parameters;
};

/// The predicate as a condition on columns of the alias `m`, appended to `sql`. It has passed `check` and fits_sql.
/// In lists of strings, elements are compared up to their first U+0000, as SQLite's JSON functions read them.
void write_condition(const Predicate& predicate, const ModelTable& table, Sql& sql);

/// The whole SELECT, with the place after the fields or without. When the predicate does not fit, neither it nor limit and page are part of it.
Sql select_statement(const ModelTable& table, const Query& query, bool with_place = false);

/// SELECT count(*) of the rows that satisfy a predicate that fits.
Sql count_statement(const ModelTable& table, const Predicate& where);

/// Binds the parameters; `sql` must stay until the statement is reset.
void bind_all(sqlite::Statement& statement, const Sql& sql);

}  // namespace holdfast::client
