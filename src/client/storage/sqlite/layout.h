// The database as a whole: made, recognised, and brought to the schema. Described in docs/formats/device.md.
#pragma once

#include <cstdint>
#include <vector>

#include "client/storage/sqlite/tables.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// In the file's header: "Hldf".
inline constexpr std::int64_t application_id = 0x486C6466;
/// PRAGMA user_version; raised whenever a table of ours or the form of a column changes.
inline constexpr std::int64_t layout_version = 1;

/// Sees to it, in one transaction, that the database has exactly the tables of the schema. A new model, a new field
/// that may be null, Int or AWSTimestamp become Float, and other indexes are taken over; anything else is another schema.
/// Codes: schema_error (path, what differs, what to do), storage_failed, disk_full, corrupt.
Result<void> bring_to_schema(sqlite::Connection& connection, const std::vector<ModelTable>& tables);

/// Refuses files of other programs and of a newer Holdfast, before anything of them is touched. Codes: as above.
Result<void> check_owner(sqlite::Connection& connection);

}  // namespace holdfast::client
