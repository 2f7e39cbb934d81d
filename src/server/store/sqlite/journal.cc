#include "server/store/sqlite/journal.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "base/json.h"
#include "server/store/sqlite/layout.h"
#include "sqlite/transaction_scope.h"

namespace holdfast::server {
namespace {

constexpr const char* journal_table = R"sql(
CREATE TABLE IF NOT EXISTS conflicts(
  number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, model TEXT NOT NULL, key TEXT NOT NULL,
  operation TEXT NOT NULL, strategy TEXT NOT NULL, function TEXT NOT NULL, outcome TEXT NOT NULL,
  message TEXT NOT NULL, caller TEXT NOT NULL, client_version INTEGER NOT NULL, stored_version INTEGER NOT NULL,
  result_version INTEGER NOT NULL, base TEXT NOT NULL, incoming TEXT NOT NULL, stored TEXT NOT NULL,
  result TEXT NOT NULL) STRICT;
)sql";

// The columns after `number` in the order of the table: texts first to last, then the rest.
constexpr const char* columns =
    "at, client_version, stored_version, result_version, model, key, operation, strategy, function, outcome, message, "
    "caller, base, incoming, stored, result";

constexpr std::array integers{&JournalEntry::client_version, &JournalEntry::stored_version,
                              &JournalEntry::result_version};
constexpr std::array texts{&JournalEntry::model,    &JournalEntry::key,      &JournalEntry::operation,
                           &JournalEntry::strategy, &JournalEntry::function, &JournalEntry::outcome,
                           &JournalEntry::message,  &JournalEntry::caller};
constexpr std::array records{&JournalEntry::base, &JournalEntry::incoming, &JournalEntry::stored,
                             &JournalEntry::result};

Result<JournalEntry> entry_of(const sqlite::Statement& row) {
  JournalEntry entry;
  int column = 0;
  entry.number = row.column_integer(column++);
  entry.at = from_epoch_ms(row.column_integer(column++));
  for (const auto member : integers) entry.*member = row.column_integer(column++);
  for (const auto member : texts) entry.*member = row.column_text(column++);
  for (const auto member : records) {
    auto record = json::parse(row.column_text(column++));
    if (!record) {
      return Error{Code::corrupt, "conflict " + std::to_string(entry.number) + " is no JSON; restore a backup"};
    }
    entry.*member = *std::move(record);
  }
  return entry;
}

Result<void> drop_oldest(sqlite::Connection& connection, std::int64_t rows_max) {
  HOLDFAST_TRY(statement, connection.cached("DELETE FROM conflicts WHERE number <= ?1"));
  statement->bind(1, connection.last_insert_rowid() - rows_max);
  return statement->run();
}

}  // namespace

Result<void> prepare_journal(sqlite::Connection& connection) { return connection.run(journal_table); }

Result<void> write_conflict(sqlite::Connection& connection, const JournalEntry& entry, std::int64_t rows_max) {
  HOLDFAST_TRY(transaction, sqlite::TransactionScope::begin(connection));
  HOLDFAST_TRY(statement,
               connection.cached("INSERT INTO conflicts(" + std::string(columns) +
                                 ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"));
  int parameter = 0;
  statement->bind(++parameter, epoch_ms(entry.at));
  for (const auto member : integers) statement->bind(++parameter, entry.*member);
  for (const auto member : texts) statement->bind(++parameter, std::string_view(entry.*member));
  std::array<std::string, records.size()> written;
  for (std::size_t at = 0; at < records.size(); ++at) {
    written[at] = json::write(entry.*records[at]);
    statement->bind(++parameter, std::string_view(written[at]));
  }
  if (auto inserted = statement->run(); !inserted) return inserted;
  if (auto bounded = drop_oldest(connection, rows_max); !bounded) return bounded;
  return transaction.commit();
}

Result<std::vector<JournalEntry>> read_conflicts(sqlite::Connection& connection, const JournalQuery& query) {
  HOLDFAST_TRY(statement, connection.cached("SELECT number, " + std::string(columns) +
                                            " FROM conflicts WHERE (?1 = '' OR model = ?1) AND (?2 = '' OR key = ?2) "
                                            "ORDER BY number DESC LIMIT ?3"));
  statement->bind(1, std::string_view(query.model));
  statement->bind(2, std::string_view(query.key));
  statement->bind(3, std::int64_t{query.limit});
  std::vector<JournalEntry> found;
  for (;;) {
    HOLDFAST_TRY(has_row, statement->step());
    if (!has_row) return found;
    HOLDFAST_TRY(entry, entry_of(*statement));
    found.push_back(std::move(entry));
  }
}

Result<std::vector<JournalEntry>> read_conflicts_of(const std::string& path, const JournalQuery& query) {
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown)) {
    return Error{Code::not_found, path + ": there is no such file; name the data folder of a backend"};
  }
  // Opened for writing as well: a read-only connection cannot open a write-ahead log that nobody holds open.
  HOLDFAST_TRY(connection, sqlite::Connection::open({.path = path, .access = sqlite::Access::read_write}));
  if (auto guarded = connection.run("PRAGMA query_only=ON"); !guarded) return std::move(guarded).error();
  HOLDFAST_TRY(is_ours, has_layout(connection));
  HOLDFAST_TRY(tables, connection.integer_of("SELECT count(*) FROM sqlite_master WHERE name = 'conflicts'"));
  if (!is_ours || tables == 0) return std::vector<JournalEntry>();
  return read_conflicts(connection, query);
}

Result<void> JournalWriter::write(const JournalEntry& entry, std::int64_t rows_max) {
  if (!connection_) {
    HOLDFAST_TRY(opened, sqlite::Connection::open({.path = path_, .access = sqlite::Access::read_write}));
    if (auto relaxed = opened.run("PRAGMA synchronous=NORMAL"); !relaxed) return relaxed;
    connection_.emplace(std::move(opened));
  }
  return write_conflict(*connection_, entry, rows_max);
}

}  // namespace holdfast::server
