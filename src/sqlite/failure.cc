#include "sqlite/failure.h"

#include <sqlite3.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace holdfast::sqlite {
namespace {

constexpr int primary(int outcome) { return outcome & 0xFF; }

/// A file that cannot be made because the disk is full is no SQLITE_FULL for SQLite.
bool is_full(int outcome, int cause) { return primary(outcome) == SQLITE_FULL || cause == ENOSPC || cause == EDQUOT; }

Code code_of(int outcome, int cause) {
  if (is_full(outcome, cause)) return Code::disk_full;
  switch (primary(outcome)) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Code::corrupt;
    case SQLITE_INTERRUPT: return Code::timed_out;
    default: return Code::storage_failed;
  }
}

std::string_view remedy(int outcome, int cause) {
  if (is_full(outcome, cause)) return "; free some space and try again";
  if (primary(outcome) == SQLITE_IOERR || cause == EIO) return "; see that the disk works, then try again";
  switch (primary(outcome)) {
    case SQLITE_CORRUPT: return "; restore the file from a copy, or delete it";
    case SQLITE_NOTADB: return "; choose another path, or delete the file";
    case SQLITE_CANTOPEN:
      if (cause == EISDIR) return "; choose the path of a file, not a folder";
      return "; its folder must exist and be writable";
    case SQLITE_READONLY:
    case SQLITE_PERM: return "; the file and its folder must be writable";
    case SQLITE_BUSY: return "; another connection or process kept it locked: end that one, or try again";
    default: return {};
  }
}

}  // namespace

Error failure(sqlite3* database, int outcome, std::string_view path) {
  std::string message = path.empty() ? "SQLite" : std::string(path);
  message += ": ";
  // The handle's text belongs to its last failure, which is not always the one at hand.
  const bool is_last = database && primary(sqlite3_errcode(database)) == primary(outcome);
  message += is_last ? sqlite3_errmsg(database) : sqlite3_errstr(outcome);
  const bool has_cause = is_last && (primary(outcome) == SQLITE_CANTOPEN || primary(outcome) == SQLITE_IOERR);
  const int cause = has_cause ? sqlite3_system_errno(database) : 0;
  if (cause != 0) {
    message += " (" + std::generic_category().message(cause) + ")";
  }
  message += remedy(outcome, cause);
  return {code_of(outcome, cause), std::move(message)};
}

Error failure(sqlite3* database, int outcome) {
  const char* path = database ? sqlite3_db_filename(database, "main") : nullptr;
  return failure(database, outcome, path ? path : "");
}

}  // namespace holdfast::sqlite
