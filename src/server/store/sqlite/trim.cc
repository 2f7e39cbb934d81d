#include "server/store/sqlite/trim.h"

#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "server/store/sqlite/rows.h"

namespace holdfast::server {
namespace {

/// A row of the log whose write superseded the version before it.
struct Superseding {
  std::int64_t sequence = 0;
  std::string key;
  std::int64_t version = 0;
};

/// All rows of the model's log up to this sequence have had the row before them removed.
std::string cursor_setting(const ModelSchema& model) { return "store.trimmed." + model.name; }

Result<std::int64_t> read_cursor(sqlite::Connection& connection, const ModelSchema& model) {
  HOLDFAST_TRY(text, read_setting(connection, cursor_setting(model)));
  std::int64_t cursor = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), cursor);
  return cursor;
}

Result<std::vector<Superseding>> read_superseding(sqlite::Connection& connection, const ModelSchema& model,
                                                  std::int64_t cursor, const Store::TrimOptions& options) {
  HOLDFAST_TRY(statement, connection.cached("SELECT sequence, key, version, last_changed_at FROM changes INDEXED BY "
                                            "changes_by_model WHERE model = ?1 AND sequence > ?2 ORDER BY sequence"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, cursor);
  std::vector<Superseding> rows;
  while (rows.size() < options.rows_max) {
    HOLDFAST_TRY(has_row, statement->step());
    if (!has_row || from_epoch_ms(statement->column_integer(3)) >= options.changes_before) break;
    rows.push_back({statement->column_integer(0), std::string(statement->column_text(1)), statement->column_integer(2)});
  }
  return rows;
}

/// Whether it stopped at rows_max.
Result<bool> trim_changes(sqlite::Connection& connection, const ModelSchema& model, const Store::TrimOptions& options) {
  HOLDFAST_TRY(cursor, read_cursor(connection, model));
  HOLDFAST_TRY(rows, read_superseding(connection, model, cursor, options));
  if (rows.empty()) return false;
  for (const auto& row : rows) {
    HOLDFAST_TRY(statement, connection.cached("DELETE FROM changes WHERE model = ?1 AND key = ?2 AND version = ?3"));
    statement->bind(1, std::string_view(model.name));
    statement->bind(2, std::string_view(row.key));
    statement->bind(3, row.version - 1);
    if (auto removed = statement->run(); !removed) return std::move(removed).error();
  }
  auto noted = write_setting(connection, cursor_setting(model), std::to_string(rows.back().sequence));
  if (!noted) return std::move(noted).error();
  return rows.size() == options.rows_max;
}

Result<std::vector<std::string>> read_tombstones(sqlite::Connection& connection, const ModelSchema& model,
                                                 const Store::TrimOptions& options) {
  HOLDFAST_TRY(statement, connection.cached("SELECT key FROM records INDEXED BY records_by_deletion WHERE model = ?1 AND "
                                            "is_deleted = 1 AND last_changed_at < ?2 AND sequence < "
                                            "(SELECT max(sequence) FROM changes) ORDER BY last_changed_at LIMIT ?3"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, epoch_ms(options.tombstones_before));
  statement->bind(3, std::int64_t{options.rows_max});
  std::vector<std::string> keys;
  for (;;) {
    HOLDFAST_TRY(has_row, statement->step());
    if (!has_row) return keys;
    keys.emplace_back(statement->column_text(0));
  }
}

Result<bool> trim_tombstones(sqlite::Connection& connection, const ModelSchema& model,
                             const Store::TrimOptions& options) {
  HOLDFAST_TRY(keys, read_tombstones(connection, model, options));
  for (const auto& key : keys) {
    for (const auto* sql : {"DELETE FROM records WHERE model = ?1 AND key = ?2",
                            "DELETE FROM changes WHERE model = ?1 AND key = ?2"}) {
      HOLDFAST_TRY(statement, connection.cached(sql));
      statement->bind(1, std::string_view(model.name));
      statement->bind(2, std::string_view(key));
      if (auto removed = statement->run(); !removed) return std::move(removed).error();
    }
  }
  return keys.size() == options.rows_max;
}

}  // namespace

Result<bool> trim_model(sqlite::Connection& connection, const ModelSchema& model, const Store::TrimOptions& options) {
  HOLDFAST_TRY(has_more, trim_changes(connection, model, options));
  if (has_more) return true;
  return trim_tombstones(connection, model, options);
}

}  // namespace holdfast::server
