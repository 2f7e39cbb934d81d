#include "client/storage/sqlite/outbox_table.h"

#include <algorithm>
#include <limits>
#include <string>

#include "base/json.h"

namespace holdfast::client {
namespace {

const std::string select_entries = "SELECT id, model, key, operation, changes, condition, was_sent FROM ";

std::string name_of(EntryTable table) { return std::string(name(table)); }

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
  return {Code::corrupt, "the unsent or refused change " + std::to_string(id) + " cannot be read: " +
                             std::string(what) + "; restore the file from a copy, or clear the store"};
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

Code code_of(std::string_view word) {
  for (auto code = Code::invalid_argument; code <= Code::unsupported;
       code = static_cast<Code>(static_cast<int>(code) + 1)) {
    if (name(code) == word) return code;
  }
  return Code::rejected;  // Of a newer Holdfast.
}

Result<DeadLetter> letter_of(const sqlite::Statement& row, const Schema& schema) {
  HOLDFAST_TRY(entry, entry_of(row, schema));
  return DeadLetter{std::move(entry),
                    {.code = code_of(row.column_text(7)),
                     .error_type = std::string(row.column_text(8)),
                     .message = std::string(row.column_text(9)),
                     .at = from_epoch_ms(row.column_integer(10))}};
}

std::int64_t as_limit(std::size_t limit) {
  return static_cast<std::int64_t>(std::min<std::size_t>(limit, std::numeric_limits<std::int64_t>::max()));
}

}  // namespace

std::string_view name(EntryTable table) noexcept {
  return table == EntryTable::outbox ? "holdfast_outbox" : "holdfast_dead_letters";
}

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

Result<void> rewrite_entry(sqlite::Connection& connection, const OutboxEntry& entry, EntryTable table) {
  const Content content(entry);
  HOLDFAST_TRY(statement, connection.cached("UPDATE " + name_of(table) +
                                            " SET changes = ?, condition = ?, was_sent = ? WHERE id = ?"));
  content.bind(*statement, 1);
  statement->bind(4, entry.id);
  if (auto done = statement->run(); !done) return done;
  if (connection.changes() == 1) return {};
  return Error{Code::storage_failed, "the outbox has no entry " + std::to_string(entry.id) + " to rewrite"};
}

Result<void> drop_entry(sqlite::Connection& connection, std::int64_t entry, EntryTable table) {
  HOLDFAST_TRY(statement, connection.cached("DELETE FROM " + name_of(table) + " WHERE id = ?"));
  statement->bind(1, entry);
  return statement->run();
}

Result<std::vector<OutboxEntry>> read_entries_of(sqlite::Connection& connection, const Schema& schema,
                                                 const ModelSchema& model, const Key& key) {
  const auto text = key.text();
  HOLDFAST_TRY(statement,
               connection.cached(select_entries + "holdfast_outbox WHERE model = ? AND key = ? ORDER BY id"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, std::string_view(text));
  return rows_of(*statement, schema);
}

Result<std::vector<OutboxEntry>> read_entries(sqlite::Connection& connection, const Schema& schema,
                                              std::int64_t after, std::size_t limit, EntryTable table) {
  HOLDFAST_TRY(statement, connection.cached(select_entries + name_of(table) + " WHERE id > ? ORDER BY id LIMIT ?"));
  statement->bind(1, after);
  statement->bind(2, as_limit(limit));
  return rows_of(*statement, schema);
}

Result<std::size_t> count_entries(sqlite::Connection& connection) {
  HOLDFAST_TRY(statement, connection.cached("SELECT count(*) FROM holdfast_outbox"));
  HOLDFAST_TRY(has_row, statement->step());
  return has_row ? static_cast<std::size_t>(statement->column_integer(0)) : 0U;
}

Result<void> bury_entry(sqlite::Connection& connection, std::int64_t entry, const Refusal& refusal) {
  HOLDFAST_TRY(statement,
               connection.cached("INSERT OR REPLACE INTO holdfast_dead_letters SELECT id, model, key, operation,"
                                 " changes, condition, was_sent, ?, ?, ?, ? FROM holdfast_outbox WHERE id = ?"));
  statement->bind(1, name(refusal.code));
  statement->bind(2, std::string_view(refusal.error_type));
  statement->bind(3, std::string_view(refusal.message));
  statement->bind(4, epoch_ms(refusal.at));
  statement->bind(5, entry);
  if (auto done = statement->run(); !done) return done;
  return drop_entry(connection, entry);
}

Result<std::vector<DeadLetter>> read_dead_letters(sqlite::Connection& connection, const Schema& schema,
                                                  std::int64_t after, std::size_t limit) {
  HOLDFAST_TRY(statement, connection.cached("SELECT id, model, key, operation, changes, condition, was_sent, code,"
                                            " error_type, message, refused_at FROM holdfast_dead_letters WHERE id > ?"
                                            " ORDER BY id LIMIT ?"));
  statement->bind(1, after);
  statement->bind(2, as_limit(limit));
  std::vector<DeadLetter> letters;
  for (;;) {
    HOLDFAST_TRY(has_row, statement->step());
    if (!has_row) return letters;
    auto letter = letter_of(*statement, schema);
    if (!letter) return unreadable(statement->column_integer(0), letter.error().message);
    letters.push_back(std::move(*letter));
  }
}

Result<Unsettled> count_unsettled(sqlite::Connection& connection, const ModelSchema& model, const Key& key) {
  const auto text = key.text();
  HOLDFAST_TRY(statement,
               connection.cached("SELECT (SELECT count(*) FROM holdfast_outbox WHERE model = ?1 AND key = ?2),"
                                 " (SELECT count(*) FROM holdfast_dead_letters WHERE model = ?1 AND key = ?2)"));
  statement->bind(1, std::string_view(model.name));
  statement->bind(2, std::string_view(text));
  HOLDFAST_TRY(has_row, statement->step());
  if (!has_row) return Unsettled{};
  return Unsettled{static_cast<std::size_t>(statement->column_integer(0)),
                   static_cast<std::size_t>(statement->column_integer(1))};
}

}  // namespace holdfast::client
