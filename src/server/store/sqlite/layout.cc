#include "server/store/sqlite/layout.h"

#include <cstdint>
#include <string>

#include "server/store/sqlite/journal.h"
#include "sqlite/transaction_scope.h"

namespace holdfast::server {
namespace {

constexpr std::int64_t application_id = 0x48464253;  // "HFBS"
constexpr std::int64_t format_version = 2;

constexpr const char* tables = R"sql(
CREATE TABLE records(
  model TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, last_changed_at INTEGER NOT NULL,
  is_deleted INTEGER NOT NULL, sequence INTEGER NOT NULL, first_sequence INTEGER NOT NULL, image TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX records_by_key ON records(model, key);
CREATE UNIQUE INDEX records_by_first ON records(model, first_sequence);
CREATE UNIQUE INDEX records_by_change ON records(model, last_changed_at);
CREATE TABLE changes(
  sequence INTEGER PRIMARY KEY, model TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL,
  last_changed_at INTEGER NOT NULL, is_deleted INTEGER NOT NULL, mutation_id TEXT, image TEXT NOT NULL,
  previous INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE UNIQUE INDEX changes_by_mutation ON changes(mutation_id) WHERE mutation_id IS NOT NULL;
CREATE TABLE settings(name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
)sql";

// Format 1 had an index of all versions in place of the chain: every update wrote a page of it, somewhere.
constexpr const char* from_format_1 = R"sql(
ALTER TABLE changes ADD COLUMN previous INTEGER NOT NULL DEFAULT 0;
UPDATE changes SET previous = coalesce((SELECT before.sequence FROM changes AS before WHERE before.model = changes.model
  AND before.key = changes.key AND before.version = changes.version - 1), 0) WHERE version > 1;
DROP INDEX changes_by_version;
)sql";

// They came later: a file of before gets them when it is opened, and loses what trim() searched by then.
constexpr const char* later_indexes = R"sql(
DROP INDEX IF EXISTS changes_by_model;
CREATE INDEX IF NOT EXISTS records_by_deletion ON records(model, last_changed_at) WHERE is_deleted = 1;
CREATE UNIQUE INDEX IF NOT EXISTS changes_by_sixteenth ON changes(model, key, version) WHERE version % 16 = 0;
)sql";

Error foreign(const sqlite::Connection& connection, const std::string& what) {
  return Error{Code::schema_error, connection.path() + ": " + what};
}

Result<void> make_durable(sqlite::Connection& connection) {
  HOLDFAST_TRY(mode, connection.text_of("PRAGMA journal_mode=WAL"));
  if (mode != "wal") {
    return Error{Code::storage_failed,
                 connection.path() + ": its file system offers no write-ahead log; choose a local disk"};
  }
  // A long log keeps checkpoints, which stall the one who commits, rare (16,000 pages of 4 KiB). A new key goes anywhere
  // in records_by_key: the cache holds what 100,000 records have of it.
  constexpr const char* settings = "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=16000; PRAGMA cache_size=-8192";
  if (auto set = connection.run(settings); !set) return set;
  return connection.gather_log_writes();  // As every commit is synced.
}

/// 0 when there are no tables.
Result<std::int64_t> format_of(sqlite::Connection& connection) {
  HOLDFAST_TRY(objects, connection.integer_of("SELECT count(*) FROM sqlite_master"));
  if (objects == 0) return 0;
  HOLDFAST_TRY(id, connection.integer_of("PRAGMA application_id"));
  if (id != application_id) return foreign(connection, "is not a Holdfast backend's database; choose another path");
  HOLDFAST_TRY(version, connection.integer_of("PRAGMA user_version"));
  if (version < 1 || version > format_version) {
    return foreign(connection, "has format " + std::to_string(version) + ", this Holdfast knows formats 1 to " +
                                   std::to_string(format_version) + "; run the Holdfast that wrote it");
  }
  return version;
}

}  // namespace

Result<bool> has_layout(sqlite::Connection& connection) {
  HOLDFAST_TRY(format, format_of(connection));
  return format != 0;
}

Result<void> prepare_layout(sqlite::Connection& connection, bool is_in_memory) {
  // Before anything is written: the file may be another program's.
  if (auto known = format_of(connection); !known) return std::move(known).error();
  if (!is_in_memory) {
    if (auto durable = make_durable(connection); !durable) return durable;
  }
  HOLDFAST_TRY(transaction, sqlite::TransactionScope::begin(connection));
  HOLDFAST_TRY(format, format_of(connection));
  if (format < format_version) {
    if (auto brought = connection.run(format == 0 ? tables : from_format_1); !brought) return brought;
  }
  if (auto made = connection.run(later_indexes); !made) return made;
  if (auto made = prepare_journal(connection); !made) return made;
  // Written for an existing layout too: it tells now, not at the first put, that the file cannot be written.
  const std::string marks = "PRAGMA application_id=" + std::to_string(application_id) +
                            "; PRAGMA user_version=" + std::to_string(format_version);
  if (auto marked = connection.run(marks); !marked) return marked;
  return transaction.commit();
}

}  // namespace holdfast::server
