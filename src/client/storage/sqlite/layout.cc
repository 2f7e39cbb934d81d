#include "client/storage/sqlite/layout.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "sqlite/transaction_scope.h"

namespace holdfast::client {
namespace {

using Columns = std::map<std::string, std::string>;  // Name to declared type.

Error foreign(const sqlite::Connection& connection, const std::string& what) {
  return {Code::schema_error, connection.path() + ": " + what};
}

Error differs(const sqlite::Connection& connection, const std::string& what) {
  return foreign(connection, "the file belongs to another schema: " + what +
                                 "; open it with that schema, choose another path, or delete the file");
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

Result<Columns> columns_of(sqlite::Connection& connection, std::string_view table) {
  HOLDFAST_TRY(statement, connection.cached("SELECT name, type FROM pragma_table_info(?)"));
  statement->bind(1, table);
  Columns columns;
  for (;;) {
    HOLDFAST_TRY(has_row, statement->step());
    if (!has_row) return columns;
    columns.emplace(statement->column_text(0), statement->column_text(1));
  }
}

Result<bool> is_empty(sqlite::Connection& connection, const ModelSchema& model) {
  HOLDFAST_TRY(has_row, connection.integer_of("SELECT EXISTS (SELECT 1 FROM " + quoted(model.name) + ")"));
  return has_row == 0;
}

Result<void> check_key(sqlite::Connection& connection, const ModelSchema& model) {
  HOLDFAST_TRY(held, texts_of(connection,
                              "SELECT c.seqno || c.name FROM pragma_index_list(?) AS i, pragma_index_info(i.name) AS c"
                              " WHERE i.origin = 'u'",
                              model.name));
  std::set<std::string> wanted;
  for (std::size_t part = 0; part < model.primary_key.size(); ++part) {
    wanted.insert(std::to_string(part) + model.primary_key[part]);
  }
  if (held != wanted) return differs(connection, "the model " + model.name + " has another primary key");
  return {};
}

Result<void> add_column(sqlite::Connection& connection, const ModelSchema& model, const FieldSchema& field) {
  HOLDFAST_TRY(empty, is_empty(connection, model));
  if (field.refuses_null() && !field.is_read_only && !empty) {
    return differs(connection, model.name + "." + field.name + " is required, and the rows there have none");
  }
  return connection.run("ALTER TABLE " + quoted(model.name) + " ADD COLUMN " + quoted(field.name) + " " +
                        std::string(declared_type(form_of(field))));
}

/// A column of integers also holds what becomes Float: SQLite keeps a fraction as it is, and reads integers as doubles.
bool can_hold(std::string_view declared, ColumnForm form) noexcept {
  return declared == declared_type(form) ||
         (form == ColumnForm::floating && declared == declared_type(ColumnForm::integer));
}

Result<void> bring_columns(sqlite::Connection& connection, const ModelTable& table, Columns held) {
  const auto& model = *table.model;
  if (auto fits = check_key(connection, model); !fits) return fits;
  for (const auto& field : model.fields) {
    const auto column = held.find(field.name);
    if (column == held.end()) {
      if (auto added = add_column(connection, model, field); !added) return added;
      continue;
    }
    if (!can_hold(column->second, form_of(field))) {
      return differs(connection, model.name + "." + field.name + " holds " + column->second + ", not " +
                                     std::string(declared_type(form_of(field))));
    }
    held.erase(column);
  }
  for (const auto* own : {"_place", "_version", "_lastChangedAt"}) held.erase(own);
  if (held.empty()) return {};
  return differs(connection, "it has a field " + model.name + "." + held.begin()->first);
}

Result<void> bring_table(sqlite::Connection& connection, const ModelTable& table) {
  HOLDFAST_TRY(held, columns_of(connection, table.model->name));
  return held.empty() ? connection.run(table.create) : bring_columns(connection, table, std::move(held));
}

Result<void> bring_indexes(sqlite::Connection& connection, const std::vector<ModelTable>& tables) {
  HOLDFAST_TRY(held, texts_of(connection,
                              "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
                              " AND tbl_name NOT LIKE ? ESCAPE '!'",
                              "holdfast!_%"));
  std::set<std::string> wanted;
  for (const auto& table : tables) wanted.insert(table.create_indexes.begin(), table.create_indexes.end());
  for (const auto& sql : held) {
    if (wanted.erase(sql) != 0) continue;
    HOLDFAST_TRY(names, texts_of(connection, "SELECT name FROM sqlite_master WHERE sql = ?", sql));
    for (const auto& name : names) {
      if (auto dropped = connection.run("DROP INDEX " + quoted(name)); !dropped) return dropped;
    }
  }
  for (const auto& sql : wanted) {
    if (auto created = connection.run(sql); !created) return created;
  }
  return {};
}

Result<void> check_for_strangers(sqlite::Connection& connection, const std::vector<ModelTable>& tables) {
  HOLDFAST_TRY(names, texts_of(connection,
                               "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%'"
                               " ESCAPE '!' AND name NOT LIKE ? ESCAPE '!'",
                               "holdfast!_%"));
  for (const auto& table : tables) names.erase(table.model->name);
  if (names.empty()) return {};
  return differs(connection, "it has a model " + *names.begin());
}

Result<void> make_own_tables(sqlite::Connection& connection) {
  HOLDFAST_TRY(version, connection.integer_of("PRAGMA user_version"));
  if (version == layout_version) return {};
  if (auto made = connection.run(std::string(create_own_tables)); !made) return made;
  return connection.run("PRAGMA application_id = " + std::to_string(application_id) +
                        "; PRAGMA user_version = " + std::to_string(layout_version));
}

}  // namespace

Result<void> check_owner(sqlite::Connection& connection) {
  HOLDFAST_TRY(owner, connection.integer_of("PRAGMA application_id"));
  HOLDFAST_TRY(version, connection.integer_of("PRAGMA user_version"));
  HOLDFAST_TRY(tables, connection.integer_of("SELECT count(*) FROM sqlite_master"));
  if (owner == 0 && version == 0 && tables == 0) return {};
  if (owner != application_id) return foreign(connection, "the database of another application; choose another path");
  if (version == layout_version) return {};
  return foreign(connection, "written by a newer Holdfast (layout " + std::to_string(version) + ", here " +
                                 std::to_string(layout_version) + "); update Holdfast");
}

Result<void> bring_to_schema(sqlite::Connection& connection, const std::vector<ModelTable>& tables) {
  HOLDFAST_TRY(scope, sqlite::TransactionScope::begin(connection));
  if (auto made = make_own_tables(connection); !made) return made;
  if (auto known = check_for_strangers(connection, tables); !known) return known;
  for (const auto& table : tables) {
    if (auto brought = bring_table(connection, table); !brought) return brought;
  }
  if (auto brought = bring_indexes(connection, tables); !brought) return brought;
  return scope.commit();
}

}  // namespace holdfast::client
