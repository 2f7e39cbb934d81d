#include "client/storage/sqlite/tables.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "model/scalars.h"
#include "model/temporal_order.h"

namespace holdfast::client {
namespace {

constexpr std::array<std::string_view, 3> own_columns{"_place", "_version", "_lastChangedAt"};

// Stands in the databases, in the text of their indexes.
constexpr auto time_function = "holdfast_time";

template <class Items, class Text>
std::string joined(const Items& items, std::string_view between, const Text& text) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += between;
    out += text(item);
  }
  return out;
}

std::string column_list(const std::vector<FieldSchema>& fields, std::string_view prefix = {}) {
  return joined(fields, ", ", [&](const FieldSchema& field) { return std::string(prefix) + sql_name(field.name); });
}

std::string create_table(const ModelSchema& model) {
  std::string sql = "CREATE TABLE " + sql_name(model.name) + " (\"_place\" INTEGER PRIMARY KEY";
  for (const auto& field : model.fields) {
    sql += ", " + sql_name(field.name) + " " + std::string(declared_type(form_of(field)));
    if (model.is_key(field.name)) sql += " NOT NULL";
  }
  sql += ", \"_version\" INTEGER NOT NULL, \"_lastChangedAt\" INTEGER NOT NULL, UNIQUE (";
  return sql + joined(model.primary_key, ", ", sql_name) + "))";
}

bool starts_with(const std::vector<std::string>& fields, const std::vector<std::string>& first) {
  return fields.size() >= first.size() && std::equal(first.begin(), first.end(), fields.begin());
}

/// Whether the records that refer to one parent are found without an index of the relation's own.
bool is_indexed(const ModelSchema& model, const std::vector<std::string>& keys) {
  return starts_with(model.primary_key, keys) ||
         std::any_of(model.indexes.begin(), model.indexes.end(),
                     [&](const IndexSchema& index) { return starts_with(index.fields, keys); });
}

bool has_own_index(const RelationSchema& relation, const ModelSchema& model) {
  return relation.kind != RelationKind::has_many && !is_indexed(model, relation.keys);
}

std::vector<std::string> create_indexes(const ModelSchema& model) {
  std::vector<std::string> out;
  for (const auto& index : model.indexes) {
    if (index.fields.empty()) continue;
    const auto name = model.name + "." + (index.name.empty() ? joined(index.fields, "-", [](auto& one) { return one; })
                                                             : index.name);
    out.push_back("CREATE INDEX " + sql_name(name) + " ON " + sql_name(model.name) + " (" +
                  joined(index.fields, ", ", [&](const std::string& field) {
                    return order_sql(*model.field(field), sql_name(field));
                  }) + ")");
  }
  for (const auto& relation : model.relations) {
    if (!has_own_index(relation, model)) continue;
    out.push_back("CREATE INDEX " + sql_name(model.name + "." + relation.name) + " ON " + sql_name(model.name) + " (" +
                  joined(relation.keys, ", ", sql_name) + ")");
  }
  return out;
}

std::string parameters(std::size_t count) {
  std::string out = "?";
  for (std::size_t at = 1; at < count; ++at) out += ", ?";
  return out;
}

std::string insert_sql(const ModelSchema& model) {
  return "INSERT INTO " + sql_name(model.name) + " AS m (" + column_list(model.fields) +
         ", \"_version\", \"_lastChangedAt\") VALUES (" + parameters(model.fields.size() + 2) + ") ON CONFLICT (" +
         joined(model.primary_key, ", ", sql_name) + ") DO ";
}

std::string insert_placed_sql(const ModelSchema& model) {
  return "INSERT INTO " + sql_name(model.name) + " (" + column_list(model.fields) +
         ", \"_version\", \"_lastChangedAt\", \"_place\") VALUES (" + parameters(model.fields.size() + 3) + ")";
}

std::string put_sql(const ModelSchema& model) {
  auto sql = insert_sql(model) + "UPDATE SET ";
  for (const auto& field : model.fields) {
    if (!model.is_key(field.name)) sql += sql_name(field.name) + " = excluded." + sql_name(field.name) + ", ";
  }
  return sql + "\"_version\" = excluded.\"_version\", \"_lastChangedAt\" = excluded.\"_lastChangedAt\"";
}

Error taken(const ModelSchema& model, std::string_view what) {
  return {Code::schema_error, "the model " + model.name + " cannot be stored in SQLite: " + std::string(what)};
}

Result<void> check_names(const ModelSchema& model) {
  const auto starts_with = [&](std::string_view prefix) {
    return equal_ignoring_case(std::string_view(model.name).substr(0, prefix.size()), prefix);
  };
  if (starts_with("holdfast_") || starts_with("sqlite_")) return taken(model, "its name begins with a reserved word");
  for (auto field = model.fields.begin(); field != model.fields.end(); ++field) {
    const auto is_same = [&](std::string_view name) { return equal_ignoring_case(name, field->name); };
    if (std::any_of(own_columns.begin(), own_columns.end(), is_same)) {
      return taken(model, "the field name " + field->name + " is reserved");
    }
    const auto twin =
        std::find_if(model.fields.begin(), field, [&](const FieldSchema& one) { return is_same(one.name); });
    if (twin != field) return taken(model, "its fields " + twin->name + " and " + field->name + " differ in case only");
  }
  return {};
}

}  // namespace

const std::string_view create_schema_table =
    "CREATE TABLE holdfast_schema (version TEXT NOT NULL, structure TEXT NOT NULL);";

// Its columns begin as those of holdfast_outbox do: the same code reads both.
const std::string_view create_dead_letters_table =
    "CREATE TABLE holdfast_dead_letters (id INTEGER PRIMARY KEY, model TEXT NOT NULL, key TEXT NOT NULL,"
    " operation TEXT NOT NULL, changes TEXT NOT NULL, condition TEXT, was_sent INTEGER NOT NULL, code TEXT NOT NULL,"
    " error_type TEXT NOT NULL, message TEXT NOT NULL, refused_at INTEGER NOT NULL);"
    "CREATE INDEX holdfast_dead_letters_by_key ON holdfast_dead_letters (model, key);";

const std::string_view create_own_tables =
    "CREATE TABLE holdfast_tombstones (model TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL,"
    " last_changed_at INTEGER NOT NULL, is_deleted INTEGER NOT NULL, PRIMARY KEY (model, key)) WITHOUT ROWID;"
    "CREATE TABLE holdfast_outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, model TEXT NOT NULL, key TEXT NOT NULL,"
    " operation TEXT NOT NULL, changes TEXT NOT NULL, condition TEXT, was_sent INTEGER NOT NULL);"
    "CREATE INDEX holdfast_outbox_by_key ON holdfast_outbox (model, key);"
    "CREATE TABLE holdfast_settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;";

ColumnForm form_of(const FieldSchema& field) noexcept {
  if (field.is_list || field.kind == FieldKind::embedded) return ColumnForm::json;
  if (field.kind == FieldKind::enumeration) return ColumnForm::text;
  switch (scalar_kind(field.scalar)) {
    case Value::Kind::integer: return ColumnForm::integer;
    case Value::Kind::floating: return ColumnForm::floating;
    case Value::Kind::boolean: return ColumnForm::boolean;
    default: return ColumnForm::text;
  }
}

std::string_view declared_type(ColumnForm form) noexcept {
  // SQLite derives the affinity from the words: INTEGER for the booleans, TEXT for the JSON.
  constexpr std::array<std::string_view, 5> types{"INTEGER", "REAL", "BOOLEAN_INTEGER", "TEXT", "JSON_TEXT"};
  return types.at(static_cast<std::size_t>(form));
}

// A column of integers also holds what becomes Float: SQLite keeps a fraction as it is, and reads integers as doubles.
bool can_hold(std::string_view declared, ColumnForm form) noexcept {
  return declared == declared_type(form) ||
         (form == ColumnForm::floating && declared == declared_type(ColumnForm::integer));
}

bool is_own_column(std::string_view name) noexcept {
  return std::find(own_columns.begin(), own_columns.end(), name) != own_columns.end();
}

std::string sql_name(std::string_view name) {
  std::string out = "\"";
  for (const char letter : name) {
    if (letter == '"') out += '"';
    out += letter;
  }
  return out + '"';
}

std::string order_sql(const FieldSchema& field, std::string column) {
  return has_time_order(field) ? std::string(time_function) + "(" + column + ")" : column;
}

Result<void> define_functions(sqlite::Connection& connection) { return connection.define(time_function, time_key); }

bool is_found_by(const ModelSchema& model, const std::vector<std::string>& fields) {
  return is_indexed(model, fields) ||
         std::any_of(model.relations.begin(), model.relations.end(), [&](const RelationSchema& relation) {
           return has_own_index(relation, model) && starts_with(relation.keys, fields);
         });
}

Result<ModelTable> model_table(const ModelSchema& model) {
  if (auto fits = check_names(model); !fits) return std::move(fits).error();
  ModelTable table;
  table.model = &model;
  for (const auto& field : model.fields) table.forms.push_back(form_of(field));
  for (const auto& name : model.primary_key) {
    const auto field = model.field_index(name);
    HOLDFAST_ASSERT(field.has_value(), "the parts of a primary key are fields");
    table.key_fields.push_back(*field);
  }
  const auto from = " FROM " + sql_name(model.name);
  const auto where = " WHERE " + joined(model.primary_key, " AND ", [](auto& name) { return sql_name(name) + " = ?"; });
  table.create = create_table(model);
  table.create_indexes = create_indexes(model);
  table.insert = insert_sql(model) + "NOTHING";
  table.insert_placed = insert_placed_sql(model);
  table.put = put_sql(model);
  table.put_newer = table.put + " WHERE excluded.\"_version\" > m.\"_version\"";
  table.find = "SELECT " + column_list(model.fields) + ", \"_version\", \"_lastChangedAt\", \"_place\"" + from + where;
  table.erase = "DELETE" + from + where;
  table.erase_all = "DELETE" + from;
  table.select = "SELECT " + column_list(model.fields, "m.") + from + " AS m";
  table.select_placed = "SELECT " + column_list(model.fields, "m.") + ", m.\"_place\"" + from + " AS m";
  return table;
}

Result<std::vector<ModelTable>> model_tables(const Schema& schema) {
  std::vector<ModelTable> tables;
  for (const auto& model : schema.models) {
    const auto is_same = [&](const ModelTable& one) { return equal_ignoring_case(one.model->name, model.name); };
    if (const auto twin = std::find_if(tables.begin(), tables.end(), is_same); twin != tables.end()) {
      return taken(model, "its name differs from " + twin->model->name + " in case only");
    }
    HOLDFAST_TRY(table, model_table(model));
    tables.push_back(std::move(table));
  }
  for (auto& table : tables) {
    for (const auto& relation : table.model->relations) {
      const auto is_target = [&](const ModelTable& one) { return one.model->name == relation.target; };
      const auto target = std::find_if(tables.begin(), tables.end(), is_target);
      table.targets.push_back(target == tables.end() ? nullptr : &*target);
    }
  }
  return tables;
}

}  // namespace holdfast::client
