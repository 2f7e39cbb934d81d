// The versions of a record in `changes`: a chain that leads from the newest back, `previous` by `previous`.
// All functions use the connection on the caller's thread. Codes: storage_failed, disk_full, corrupt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/store/store.h"
#include "sqlite/connection.h"

namespace holdfast::server {

/// The record as it was at `version`; null when the log does not have it. `key` is a Key's text. Costs a search or two and
/// fewer than 16 steps, however many versions there are.
Result<std::optional<Image>> read_version(sqlite::Connection& connection, const ModelSchema& model,
                                          std::string_view key, std::int64_t version);

/// A row of a record's chain: where a link leads, and what has to be found there.
struct ChainRow {
  std::int64_t sequence = 0;
  const ModelSchema* model = nullptr;
  std::string key = {};
  std::int64_t version = 0;
};
/// Removes the row from the log, inside the transaction that is open. What is not there, or is another row since the
/// link is damaged, is passed over, as by reading.
Result<void> remove_change(sqlite::Connection& connection, const ChainRow& row);

}  // namespace holdfast::server
