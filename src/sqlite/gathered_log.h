// GatheredLog: the write-ahead log's pages reach the disk in few large writes.
#pragma once

struct sqlite3;

namespace holdfast::sqlite {

/// From now on what this connection writes to its write-ahead log is gathered in memory and written before the log is
/// next synced, read, measured or shortened. SQLite writes two pieces a page, each a call of the kernel, and a commit of
/// many rows has a hundred pages.
///
/// Only for a connection that is in WAL mode and stays in `synchronous=FULL`: others find a commit in the log when the
/// shared memory tells of it, which it then does after the sync. Takes the connection's rollback hook: what is taken
/// back is dropped. Gathers nothing where there is no log, or where SQLite fills the log up to a sector. Gives SQLite's
/// outcome.
int gather_log_writes(sqlite3* database) noexcept;

}  // namespace holdfast::sqlite
