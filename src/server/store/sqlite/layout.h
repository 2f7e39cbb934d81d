// The tables of the backend's database: docs/formats/backend.md.
#pragma once

#include "sqlite/connection.h"

namespace holdfast::server {

/// Whether the tables are there, of the present format or an earlier one; false in an empty database. Codes: as below, but it
/// writes nothing.
Result<bool> has_layout(sqlite::Connection& connection);

/// Makes the file ours: WAL with a sync at every commit, and the tables when it is new; a file of an earlier format is
/// brought to the present one, all of it or, after an Error, nothing. A database in memory has no WAL. Codes:
/// storage_failed, disk_full, corrupt; schema_error when it is another program's or a newer Holdfast's.
Result<void> prepare_layout(sqlite::Connection& connection, bool is_in_memory);

}  // namespace holdfast::server
