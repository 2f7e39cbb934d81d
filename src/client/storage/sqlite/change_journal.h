// ChangeJournal: how processes on one database tell each other which rows they changed.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "client/storage/neighbours.h"
#include "client/storage/sqlite/tables.h"
#include "client/storage/storage.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// A table that is written while several processes have the database open, in the transactions that it tells of; a
/// process alone writes none of it. A reader takes lines in order and must be at the end before it writes lines of its
/// own, which are those that follow: so nobody is told what he did himself. Not thread-safe.
class ChangeJournal {
 public:
  ChangeJournal(const Schema& schema, const std::vector<ModelTable>& tables) : schema_(schema), tables_(tables) {}

  // All in a transaction that writes. Codes: storage_failed, disk_full, corrupt.
  Result<void> make(sqlite::Connection& connection);   ///< And a first line, so that the others see a commit.
  Result<void> empty(sqlite::Connection& connection);
  /// From here on lines are taken: those there are were for others.
  Result<void> skip(sqlite::Connection& connection);

  /// The kind of commit that the next lines belong to.
  void begin(Commit commit) noexcept {
    is_remote_ = commit == Commit::lazy;  // What the service will tell again (docs/decisions/0007).
    written_ = 0;
  }
  /// What a write did to one row; nothing when both are the same.
  Result<void> note(sqlite::Connection& connection, const std::optional<Record>& before,
                    const std::optional<Record>& after);
  Result<void> note_clearing(sqlite::Connection& connection);
  /// Ours were committed, or not.
  void end(bool is_committed) noexcept;

  /// Adds what the lines after the last read say, at the state of the rows as they are now.
  Result<void> read(sqlite::Connection& connection, News& news);

 private:
  struct Course;
  struct Line;
  Result<void> write(sqlite::Connection& connection, const Line& line);
  Result<void> follow(const sqlite::Statement& row, News& news, std::vector<Course>& courses) const;
  Result<void> resolve(sqlite::Connection& connection, std::vector<Course> courses, News& news) const;

  const Schema& schema_;
  const std::vector<ModelTable>& tables_;
  std::int64_t read_ = 0;             ///< The last line that was read, or written by us.
  std::int64_t written_ = 0;          ///< The last line of the transaction that is open; 0: none.
  bool is_remote_ = false;
};

}  // namespace holdfast::client
