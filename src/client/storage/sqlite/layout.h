// The database as a whole: made, recognised, and brought to the schema. Described in docs/formats/device.md.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "client/storage/sqlite/tables.h"
#include "holdfast/upgrade.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// In the file's header: "Hldf".
inline constexpr std::int64_t application_id = 0x486C6466;
/// PRAGMA user_version; raised whenever a table of ours or the form of a column changes. Files of earlier layouts are
/// brought to this one; tests/change/testdata has one of each.
inline constexpr std::int64_t layout_version = 3;

/// Sees to it, in one transaction, that the database is of this layout and has exactly the tables of the schema, whose
/// structure is `structure`. Codes: schema_error (refused, with path and every loss), invalid_argument
/// (UpgradePolicy::fill_row), storage_failed, disk_full, corrupt.
Result<void> bring_to_schema(sqlite::Connection& connection, const Schema& schema, std::string_view structure,
                             const std::vector<ModelTable>& tables, const UpgradePolicy& policy);

/// Refuses files of other programs and of a newer Holdfast, before anything of them is touched. Codes: as above.
Result<void> check_owner(sqlite::Connection& connection);

}  // namespace holdfast::client
