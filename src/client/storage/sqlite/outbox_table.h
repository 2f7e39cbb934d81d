// The tables holdfast_outbox and holdfast_dead_letters: entries as rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "client/storage/storage.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// Entries that wait, and those that were refused.
enum class EntryTable : std::uint8_t { outbox, dead_letters };
std::string_view name(EntryTable table) noexcept;  ///< "holdfast_outbox", "holdfast_dead_letters"

/// As the functions of Transaction with these names. Beside their codes: corrupt, for an entry that cannot be read.
Result<std::int64_t> append_entry(sqlite::Connection& connection, const OutboxEntry& entry);
Result<void> rewrite_entry(sqlite::Connection& connection, const OutboxEntry& entry,
                           EntryTable table = EntryTable::outbox);
Result<void> drop_entry(sqlite::Connection& connection, std::int64_t entry, EntryTable table = EntryTable::outbox);
Result<std::vector<OutboxEntry>> read_entries_of(sqlite::Connection& connection, const Schema& schema,
                                                 const ModelSchema& model, const Key& key);
Result<std::vector<OutboxEntry>> read_entries(sqlite::Connection& connection, const Schema& schema,
                                              std::int64_t after, std::size_t limit,
                                              EntryTable table = EntryTable::outbox);
Result<std::size_t> count_entries(sqlite::Connection& connection);
Result<void> bury_entry(sqlite::Connection& connection, std::int64_t entry, const Refusal& refusal);
Result<std::vector<DeadLetter>> read_dead_letters(sqlite::Connection& connection, const Schema& schema,
                                                  std::int64_t after, std::size_t limit);
Result<Unsettled> count_unsettled(sqlite::Connection& connection, const ModelSchema& model, const Key& key);

}  // namespace holdfast::client
