// The versions of a record in `changes`: a chain that leads from the newest back, `previous` by `previous`.
// All functions use the connection on the caller's thread. Codes: storage_failed, disk_full, corrupt.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "server/store/store.h"
#include "sqlite/connection.h"

namespace holdfast::server {

/// The record as it was at `version`; null when the log does not have it. `key` is a Key's text. Costs a search or two and
/// fewer than 16 steps, however many versions there are.
Result<std::optional<Image>> read_version(sqlite::Connection& connection, const ModelSchema& model,
                                          std::string_view key, std::int64_t version);

/// Removes one row of the log, if it is there, inside the transaction that is open.
Result<void> remove_change(sqlite::Connection& connection, std::int64_t sequence);

}  // namespace holdfast::server
