// Reading rows: the same for readers beside a writer and inside a transaction.
#pragma once

#include <functional>
#include <optional>

#include "client/storage/sqlite/tables.h"
#include "client/storage/storage.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// As Storage::query.
Result<void> read_rows(sqlite::Connection& connection, const ModelTable& table, const Query& query,
                       const std::function<void(Record&)>& sink);
/// The row with its metadata, without looking at tombstones. Null when there is no row.
Result<std::optional<Stored>> read_row(sqlite::Connection& connection, const ModelTable& table, const Key& key);
/// What is known of a key that has no row; version 0 when nothing is.
Result<Metadata> read_tombstone(sqlite::Connection& connection, const ModelTable& table, const Key& key);

}  // namespace holdfast::client
