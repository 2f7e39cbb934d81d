// Outbox: the rules of the queue of unsent changes.
//
// Invariant 3: entries of one record leave in the order of their ids, one in flight a record. An entry that was
// sent is never merged away, because the service may have it already; a conditional entry neither absorbs another
// nor is absorbed, because its condition belongs to exactly its change.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "client/storage/storage.h"

namespace holdfast::outbox {

/// Queues the change behind what waits for the same record, merged where nobody can tell the difference:
///   create + update          one create, in place
///   create + remove          nothing, unless the service has the record
///   update + update          one update, in place
///   update + remove          the remove alone, at the tail
///   remove + remove          the first
///   create                   appended: it is queued only while the row is invisible
///   anything else, anything sent, anything conditional: appended.
/// `known` is what the service's metadata of the key says. Returns the id of the entry that carries the change now;
/// null when none has to. Codes: not_found (an update behind a remove), the storage's.
Result<std::optional<std::int64_t>> enqueue(client::Transaction& transaction, const client::OutboxEntry& entry,
                                            const Metadata& known);

/// Invariant 1, visible = synced + outbox edits: `ground` with the entries of its key applied, oldest first.
/// Null: the row is invisible. An update without a row to apply it to has no effect.
std::optional<Record> rebased(std::optional<Record> ground, const std::vector<client::OutboxEntry>& entries);

}  // namespace holdfast::outbox
