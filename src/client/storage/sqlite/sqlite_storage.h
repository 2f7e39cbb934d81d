// A Storage in a SQLite file: what devices use. Tables: docs/formats/device.md.
#pragma once

#include <memory>
#include <string>

#include "client/storage/storage.h"
#include "holdfast/time.h"
#include "holdfast/upgrade.h"

namespace holdfast::client {

struct SqliteStorageOptions {
  std::string path;               ///< A file, or `file:name?vfs=memdb` for a shared database in memory.
  bool syncs_every_commit = true; ///< synchronous=FULL; otherwise NORMAL.
  /// Of write-ahead log, before it is copied into the file. 64 MiB at 4 KiB a page: bulk writes of random keys are twice
  /// as fast as with SQLite's 1000.
  int checkpoint_pages = 16'000;
  Milliseconds busy_timeout{5'000};  ///< How long a write, or opening, waits for another process.
  UpgradePolicy upgrade = {};        ///< For a file of another schema.
};

/// Opens or creates the database: WAL, typed columns, one table a model. `schema` must outlive it.
/// Codes: storage_failed (path and SQLite's text), disk_full, corrupt, schema_error (the upgrade to this schema was
/// refused, or a newer Holdfast has written the file), invalid_argument (UpgradePolicy::fill_row). The storage's own
/// writes fail with schema_error once another process has brought the file to another schema.
Result<std::unique_ptr<Storage>> open_sqlite_storage(const Schema& schema, const SqliteStorageOptions& options);

}  // namespace holdfast::client
