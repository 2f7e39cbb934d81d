// A Store in a SQLite file. Tables: docs/formats/backend.md.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "server/store/store.h"

namespace holdfast::server {

/// Opens or creates the database at `path` (a file, or `file:name?vfs=memdb`); every put is durable when it
/// returns. `schema` and `clock` must outlive it. Codes: storage_failed, disk_full, corrupt, schema_error.
Result<std::unique_ptr<Store>> open_sqlite_store(const Schema& schema, Clock& clock, const std::string& path);

}  // namespace holdfast::server
