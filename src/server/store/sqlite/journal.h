// The conflict journal in a backend's database: the table `conflicts` (docs/formats/backend.md).
// Codes of all: storage_failed, disk_full, corrupt.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/store/journal.h"
#include "sqlite/connection.h"

namespace holdfast::server {

/// Makes the table when it is missing, in the transaction that is open.
Result<void> prepare_journal(sqlite::Connection& connection);

Result<void> write_conflict(sqlite::Connection& connection, const JournalEntry& entry, std::int64_t rows_max);
Result<std::vector<JournalEntry>> read_conflicts(sqlite::Connection& connection, const JournalQuery& query);

/// The journal of the database at `path`, which a backend may be serving from; nothing is changed. Codes also:
/// not_found (no such file), schema_error (no backend's database). A file without a journal has an empty one.
Result<std::vector<JournalEntry>> read_conflicts_of(const std::string& path, const JournalQuery& query);

/// Writes the journal of a file on a connection of its own, which does not wait for the disk: a commit costs no sync.
/// Not thread-safe: hold what guards the store's writer, so that the two never wait for each other inside SQLite.
class JournalWriter {
 public:
  explicit JournalWriter(std::string path) : path_(std::move(path)) {}
  Result<void> write(const JournalEntry& entry, std::int64_t rows_max);

 private:
  std::string path_;
  std::optional<sqlite::Connection> connection_ = {};  // Opened by the first conflict.
};

}  // namespace holdfast::server
