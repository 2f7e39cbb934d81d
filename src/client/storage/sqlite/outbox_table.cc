#include "client/storage/sqlite/outbox_table.h"

#include <algorithm>
#include <limits>
#include <string>

#include "base/json.h"

namespace holdfast::client {
namespace {

constexpr std::string_view select_entries =
    "SELECT id, model, key, operation, changes, condition, was_sent FROM holdfast_outbox WHERE ";

/// Field names with their new values, as a JSON object.
std::string changes_text(const ModelSchema& model, const Patch& changes) {
  std::string out = "{";
  out.reserve(256);  // Most are shorter; one allocation instead of several.
  for (const auto& change : changes) {
    if (out.size() > 1) out += ',';
    json::write_string(model.fields.at(change.field).name, out);
    out += ':';
    json::write(change.value, out);
  }
  return out + '}';
}

Error unreadable(std::int64_t id, std::string_view what) {
  return {Code::corrupt, "the outbox entry " + std::to_string(id) + " cannot be read: " + std::string(what) +
                             "; restore the file from a copy, or clear the store"};
}

Result<Patch> changes_of(const ModelSchema& model, std::string_view text) {
  HOLDFAST_TRY(parsed, json::parse(text));
  auto* members = parsed.as_object();
  if (!members) return Error{Code::malformed, "its changes are no JSON object"};
  Patch changes;
  changes.reserve(members->size());
  for (auto& member : *members) {
    const auto field = model.field_index(member.name);
    if (!field) return Error{Code::malformed, model.name + " has no field " + member.name};
    changes.push_back({*field, std::move(member.value)});
  }
  return changes;
}

Result<Operation> operation_of(std::string_view word) {
  for (const auto operation : {Operation::create, Operation::update, Operation::remove}) {
    if (name(operation) == word) return operation;
  }
  return Error{Code::malformed, "an unknown operation \"" + std::string(word) + "\""};
}

Result<OutboxEntry> entry_of(const sqlite::Statement& row, const Schema& schema) {
  OutboxEntry entry{.id = row.column_integer(0), .model = schema.model(row.column_text(1)), .changes = {}};
  if (!entry.model) return Error{Code::malformed, "an unknown model \"" + std::string(row.column_text(1)) + "\""};
  HOLDFAST_TRY(key, Key::from_text(row.column_text(2)));
  HOLDFAST_TRY(operation, operation_of(row.column_text(3)));
  HOLDFAST_TRY(changes, changes_of(*entry.model, row.column_text(4)));
  entry.key = std::move(key);
  entry.operation = operation;
  entry.changes = std::move(changes);
  entry.was_sent = row.column_integer(6) != 0;
  if (row.column_is_null(5)) return entry;
  HOLDFAST_TRY(json, json::parse(row.column_text(5)));
  HOLDFAST_TRY(condition, predicate_from_json(json));
  if (spans_relations(condition)) return Error{Code::malformed, "its condition goes through a relation"};
  entry.condition = std::move(condition);
  return entry;
}

Result<std::vector<OutboxEntry>> rows_of(sqlite::Statement& statement, const Schema& schema) {
  std::vector<OutboxEntry> entries;
  for (;;) {
    HOLDFAST_TRY(has_row, statement.step());
    if (!has_row) return entries;
    const auto id = statement.column_integer(0);
    auto entry = entry_of(statement, schema);
    if (!entry) return unreadable(id, entry.error().message);
    entries.push_back(std::move(*entry));
  }
}

/// The texts that the three columns borrow while a statement runs.
struct Content {
  explicit Content(const OutboxEntry& entry)
      : changes(changes_text(*entry.model, entry.changes)),
        condition(entry.condition.is_always() ? std::string() : json::write(to_json(entry.condition))),
        was_sent(entry.was_sent ? 1 : 0) {}

  void bind(sqlite::Statement& statement, int first) const {
    statement.bind(first, std::string_view(changes));
    if (condition.empty()) {
      statement.bind(first + 1, nullptr);
    } else {
      statement.bind(first + 1, std::string_view(condition));
    }
    statement.bind(first + 2, was_sent);
  }

  std::string changes;
  std::string condition;
  std::int64_t was_sent;
};

}  // namespace

Result<std::int64_t> append_entry(sqlite::Connection& connection, const OutboxEntry& entry) {
  const Content content(entry);
  const auto key = entry.key.text();
  HOLDFAST_TRY(statement, connection.cached("INSERT INTO holdfast_outbox (model, key, operation, changes, condition,"
                                            " was_sent) VALUES (?, ?, ?, ?, ?, ?)"));
  statement->bind(1, std::string_view(entry.model->name));
  statement->bind(2, std::string_view(key));
  statement->bind(3, name(entry.operation));
  content.bind(*statement, 4);
  if (auto done = statement->run(); !done) return std::move(done).error();
  return connection.last_insert_rowid();
}

Result<void> rewrite_entry(sqlite::Connection& connection, const OutboxEntry& entry) {
  const Content content(entry);
  HOLDFAST_TRY(statement, connection.cached("UPDATE holdfast_outbox SET changes = ?, condition = ?, was_sent = ?"
                                            " WHERE id = ?"));
  content.bind(*statement, 1);
  statement->bind(4, entry.id);
  if (auto done = statement->run(); !done) return done;
  if (connection.changes() == 1) return {};
  return Error{Code::storage_failed, "the outbox has no entry " + std::to_string(entry.id) + " to rewrite"};
}

Result<void> drop_entry(sqlite::Connection& connection, std::int64_t entry) {
  HOLDFAST_TRY(statement, connection.cached("DELETE FROM holdfast_outbox WHERE id = ?"));
  statement->bind(1, entry);
  return statement->run();
}

Result<std::vector<OutboxEntry>> read_entries_of(sqlite::Connection& connection, const Schema& schema,
                                                 const ModelSchema& model, const Key& key) {
  const auto text = key.text();
  HOLDFAST_TRY(statement, connection.cached(std::string(select_entries) + "model = ? AND key = ? ORDER BY id"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, std::string_view(text));
  return rows_of(*statement, schema);
}

Result<std::vector<OutboxEntry>> read_entries(sqlite::Connection& connection, const Schema& schema,
                                              std::int64_t after, std::size_t limit) {
  HOLDFAST_TRY(statement, connection.cached(std::string(select_entries) + "id > ? ORDER BY id LIMIT ?"));
  statement->bind(1, after);
  statement->bind(2, static_cast<std::int64_t>(
                         std::min<std::size_t>(limit, std::numeric_limits<std::int64_t>::max())));
  return rows_of(*statement, schema);
}

Result<std::size_t> count_entries(sqlite::Connection& connection) {
  HOLDFAST_TRY(statement, connection.cached("SELECT count(*) FROM holdfast_outbox"));
  HOLDFAST_TRY(has_row, statement->step());
  return has_row ? static_cast<std::size_t>(statement->column_integer(0)) : 0U;
}

}  // namespace holdfast::client
