// ModelTable: how one model is laid out in SQLite, and the statements that read and write it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "holdfast/result.h"
#include "holdfast/schema.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// How a field's values are kept in its column. json: lists and embedded objects as JSON text.
enum class ColumnForm : std::uint8_t { integer, floating, boolean, text, json };

ColumnForm form_of(const FieldSchema& field) noexcept;
/// The type that the column is declared with.
std::string_view declared_type(ColumnForm form) noexcept;

/// Whether values of the form can be kept in a column that was declared so.
bool can_hold(std::string_view declared, ColumnForm form) noexcept;
/// Of a model's table, the columns that are no fields: `_place`, `_version`, `_lastChangedAt`.
bool is_own_column(std::string_view name) noexcept;

/// `name` as an SQL identifier, in double quotes.
std::string sql_name(std::string_view name);

/// What the field is ordered by, as SQL: the column, or for one with a time order its time_key(). Indexes of the schema
/// are made on the same.
std::string order_sql(const FieldSchema& field, std::string column);
/// Without what order_sql() needs, neither reads nor writes. Code: storage_failed.
Result<void> define_functions(sqlite::Connection& connection);

/// Whether records are found by these fields without a scan: by the key, an index of the schema, or a foreign key's.
[[nodiscard]] bool is_found_by(const ModelSchema& model, const std::vector<std::string>& fields);

/// Everything that can be worked out once. Parameters of the writing statements: the fields in order, then version
/// and last change; of the others: the key's parts in order.
struct ModelTable {
  const ModelSchema* model = nullptr;
  std::vector<ColumnForm> forms;         ///< Parallel to the model's fields.
  std::vector<std::size_t> key_fields;   ///< Indexes of the fields, in order of the primary key.

  std::vector<const ModelTable*> targets;  ///< Parallel to the model's relations, of the same model_tables(); null where
                                           ///< the schema lacks the target.

  std::string create;                    ///< CREATE TABLE.
  std::vector<std::string> create_indexes;
  std::string insert;                    ///< Nothing, where the key has a row.
  std::string insert_placed;             ///< With the place as the last parameter.
  std::string put;                       ///< Insert or replace, whatever stands there.
  std::string put_newer;                 ///< Insert, or replace when the version is greater.
  std::string find;                      ///< The fields, then version, last change and place.
  std::string erase;
  std::string erase_all;
  std::string select;                    ///< "SELECT fields FROM table AS m", for queries to go on.
  std::string select_placed;             ///< The same, with the place after the fields.
};

/// Without `targets`. Code: schema_error, when SQLite cannot tell two names apart or a name is taken by Holdfast.
Result<ModelTable> model_table(const ModelSchema& model);
/// One for each model of the schema, in its order. They refer to each other: the list may be moved, not copied.
/// Code: as above.
Result<std::vector<ModelTable>> model_tables(const Schema& schema);

/// The tables that every database has, beside those of the models.
extern const std::string_view create_own_tables;
/// Beside them, what layout 2 added, and layout 3.
extern const std::string_view create_schema_table;
extern const std::string_view create_dead_letters_table;

}  // namespace holdfast::client
