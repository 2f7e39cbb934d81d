// The table holdfast_outbox: entries as rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "client/storage/storage.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// As the functions of Transaction with these names. Beside their codes: corrupt, for an entry that cannot be read.
Result<std::int64_t> append_entry(sqlite::Connection& connection, const OutboxEntry& entry);
Result<void> rewrite_entry(sqlite::Connection& connection, const OutboxEntry& entry);
Result<void> drop_entry(sqlite::Connection& connection, std::int64_t entry);
Result<std::vector<OutboxEntry>> read_entries_of(sqlite::Connection& connection, const Schema& schema,
                                                 const ModelSchema& model, const Key& key);
Result<std::vector<OutboxEntry>> read_entries(sqlite::Connection& connection, const Schema& schema,
                                              std::int64_t after, std::size_t limit);
Result<std::size_t> count_entries(sqlite::Connection& connection);

}  // namespace holdfast::client
