// The tables of the backend's database: docs/formats/backend.md.
#pragma once

#include "sqlite/connection.h"

namespace holdfast::server {

/// Makes the file ours: WAL with a sync at every commit, and the tables when it is new. A database in memory has no
/// WAL. Codes: storage_failed, disk_full, corrupt; schema_error when it is another program's or a newer Holdfast's.
Result<void> prepare_layout(sqlite::Connection& connection, bool is_in_memory);

/// Whether the tables are there; schema_error when the file is another program's or a newer Holdfast's.
Result<bool> has_layout(sqlite::Connection& connection);

}  // namespace holdfast::server
