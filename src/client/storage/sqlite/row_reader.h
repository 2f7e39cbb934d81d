// Reading rows: the same for readers beside a writer and inside a transaction.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/storage/sqlite/tables.h"
#include "client/storage/storage.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// As Storage::query.
Result<void> read_rows(sqlite::Connection& connection, const ModelTable& table, const Query& query,
                       const std::function<void(Record&)>& sink);
/// As Storage::count.
Result<std::size_t> count_rows(sqlite::Connection& connection, const ModelTable& table, const Predicate& where);
/// As Storage::explain: SQLite's query plan.
Result<std::vector<std::string>> explain_rows(sqlite::Connection& connection, const ModelTable& table,
                                              const Query& query);
/// As Storage::query_placed.
Result<void> read_placed_rows(sqlite::Connection& connection, const ModelTable& table, const Query& query,
                              const std::function<void(Record&, Place)>& sink);
/// The row with its metadata and place, without looking at tombstones. Null when there is no row.
Result<std::optional<Stored>> read_row(sqlite::Connection& connection, const ModelTable& table, const Key& key);

}  // namespace holdfast::client
