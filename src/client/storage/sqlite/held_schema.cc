#include "client/storage/sqlite/held_schema.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "client/storage/sqlite/structure.h"
#include "client/storage/sqlite/tables.h"

namespace holdfast::client {
namespace {

struct Column {
  std::string name;
  std::string type;
};

/// `sql` gives two columns.
Result<std::vector<Column>> columns_of(sqlite::Connection& connection, std::string_view sql, std::string_view table) {
  HOLDFAST_TRY(statement, connection.cached(sql));
  statement->bind(1, table);
  std::vector<Column> columns;
  for (;;) {
    HOLDFAST_TRY(has_row, statement->step());
    if (!has_row) return columns;
    columns.push_back({std::string(statement->column_text(0)), std::string(statement->column_text(1))});
  }
}

/// What a column of layout 1 held, where nothing but SQLite's type is known.
FieldSchema field_of_column(const Column& column) {
  FieldSchema field{.name = column.name};
  if (column.type == declared_type(ColumnForm::integer)) field.scalar = Scalar::integer;
  if (column.type == declared_type(ColumnForm::floating)) field.scalar = Scalar::floating;
  if (column.type == declared_type(ColumnForm::boolean)) field.scalar = Scalar::boolean;
  field.is_list = column.type == declared_type(ColumnForm::json);
  return field;
}

Result<ModelSchema> model_of_table(sqlite::Connection& connection, const std::string& name, const ModelSchema* wanted) {
  ModelSchema model{.name = name};
  HOLDFAST_TRY(columns, columns_of(connection, "SELECT name, type FROM pragma_table_info(?) ORDER BY cid", name));
  for (const auto& column : columns) {
    if (is_own_column(column.name)) continue;
    const auto* field = wanted ? wanted->field(column.name) : nullptr;
    model.fields.push_back(field && can_hold(column.type, form_of(*field)) ? *field : field_of_column(column));
  }
  HOLDFAST_TRY(key, columns_of(connection,
                               "SELECT c.name, '' FROM pragma_index_list(?) AS i, pragma_index_info(i.name) AS c"
                               " WHERE i.origin = 'u' ORDER BY c.seqno",
                               name));
  for (auto& part : key) model.primary_key.push_back(std::move(part.name));
  if (wanted) model.relations = wanted->relations;
  return model;
}

Result<Schema> schema_of_tables(sqlite::Connection& connection, const std::set<std::string>& tables,
                                const Schema& wanted) {
  Schema schema;
  schema.enums = wanted.enums;
  schema.embedded = wanted.embedded;
  for (const auto& table : tables) {
    HOLDFAST_TRY(model, model_of_table(connection, table, wanted.model(table)));
    schema.models.push_back(std::move(model));
  }
  return schema;
}

}  // namespace

Result<std::optional<Schema>> held_schema(sqlite::Connection& connection, const Schema& wanted) {
  HOLDFAST_TRY(structure, connection.text_of("SELECT structure FROM holdfast_schema"));
  if (structure) {
    auto held = schema_of_structure(*structure);
    if (held) return std::optional(std::move(*held));
    return Error{Code::corrupt, connection.path() + ": its schema cannot be read: " + held.error().message +
                                    "; restore the file from a copy, or delete it"};
  }
  HOLDFAST_TRY(tables, model_tables_in(connection));
  if (tables.empty()) return std::optional<Schema>();
  HOLDFAST_TRY(schema, schema_of_tables(connection, tables, wanted));
  return std::optional(std::move(schema));
}

Result<void> hold_schema(sqlite::Connection& connection, const Schema& schema, std::string_view structure) {
  if (auto emptied = connection.run("DELETE FROM holdfast_schema"); !emptied) return emptied;
  HOLDFAST_TRY(statement, connection.cached("INSERT INTO holdfast_schema (version, structure) VALUES (?, ?)"));
  statement->bind(1, std::string_view(schema.version));
  statement->bind(2, structure);
  return statement->run();
}

Result<bool> has_structure(sqlite::Connection& connection, std::string_view structure) {
  HOLDFAST_TRY(statement, connection.cached("SELECT structure = ? FROM holdfast_schema"));
  statement->bind(1, structure);
  HOLDFAST_TRY(has_row, statement->step());
  return has_row && statement->column_integer(0) != 0;
}

Result<std::set<std::string>> model_tables_in(sqlite::Connection& connection) {
  return texts_of(connection,
                  "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
                  " AND name NOT LIKE ? ESCAPE '!'",
                  "holdfast!_%");
}

Result<std::set<std::string>> texts_of(sqlite::Connection& connection, std::string_view sql, std::string_view bound) {
  HOLDFAST_TRY(statement, connection.cached(sql));
  statement->bind(1, bound);
  std::set<std::string> texts;
  for (;;) {
    HOLDFAST_TRY(has_row, statement->step());
    if (!has_row) return texts;
    texts.emplace(statement->column_text(0));
  }
}

}  // namespace holdfast::client
