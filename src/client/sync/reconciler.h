// Reconciler: the one way by which records of the service enter the storage: pages, subscription frames, replies of
// mutations and what their refusals carry.
//
// Invariant 2: the stored version of a record never decreases, as long as the service has the record. One with entries
// in the outbox shows the service's newest image with these entries on top (invariant 1), and the image is kept until the
// last entry is gone.
// A record that the selection does not keep, and without entries, is not shown: what is known of it is its version.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "client/storage/storage.h"
#include "client/sync/selection.h"
#include "holdfast/observe.h"

namespace holdfast::sync {

/// What reconciling did to visible rows. `changes` are for the observers, after the commit.
struct Applied {
  std::vector<RecordChange> changes = {};
  std::uint64_t inserted = 0, updated = 0, removed = 0;
};

/// A key of a model.
struct RecordAt {
  const ModelSchema& model;
  const Key& key;
};

/// Applies a record of the service if its version is greater than the known one; otherwise nothing happens.
/// Only rows whose values changed are noted, so an echo of our own write tells nobody. Codes: the storage's.
Result<void> reconcile(client::Transaction& transaction, const Selection& selection, const client::SyncedRecord& inbound,
                       Applied& applied);

/// Which records of a page are applied.
enum class Take : std::uint8_t {
  newer,
  same_version_too,  ///< The rows may lack values of the version they have. Never older ones.
};

/// As reconcile(), for the records of a page in turn. While the outbox is empty nothing is looked up for live
/// records; then an update that only raised the version is noted too.
Result<void> reconcile_page(client::Transaction& transaction, const Selection& selection,
                            std::vector<client::SyncedRecord> page, Applied& applied, Take take = Take::newer);

/// Brings the row back to what the service answered for its key (null: it has no such record), or to the newer image
/// when one is kept, with the remaining entries on top; to be called after an entry was dropped or rewritten.
Result<void> reground(client::Transaction& transaction, const Selection& selection, const RecordAt& at,
                      const std::optional<client::SyncedRecord>& answer, Applied& applied);

/// What the device remembers of a row that it evicts.
enum class Afterwards : std::uint8_t {
  version_known,  ///< The service has the record: a late answer does not bring the row back.
  unknown,        ///< The service has it no more.
};

/// Removes a row that this device does not keep any more. Not one with entries: it leaves with the last of them.
Result<void> evict(client::Transaction& transaction, const RecordAt& at, Afterwards afterwards, Applied& applied);

}  // namespace holdfast::sync
