// Local writes: what a save or a removal by the application does to rows and outbox, inside one transaction.
#pragma once

#include <optional>
#include <vector>

#include "client/storage/storage.h"
#include "holdfast/observe.h"

namespace holdfast::outbox {

/// A key of a model, for events.
struct RecordName {
  const ModelSchema* model = nullptr;
  Key key;
};

/// What the writes of one transaction did, in their order. `changes` are for the observers, after the commit, by way
/// of net_changes(); `queued` names what the outbox got.
struct Written {
  std::vector<RecordChange> changes = {};
  std::vector<std::optional<Record>> originals = {};  ///< Parallel to `changes`: of an update, the row before it.
  std::vector<RecordName> queued = {};
  std::int64_t last_entry = 0;                        ///< The newest id in the outbox that the writes made or changed.
};

/// `changes` null: insert the record, or update the row with its key by the fields that differ; otherwise apply
/// exactly these to the row. Fields that only the service sets are left as they are. Nothing is written when nothing
/// changes. The record has passed `validate`, the condition `check`. Returns the row as it is now.
/// Codes: not_found (changes for a row that is gone), condition_failed (also when the row is missing), invalid_argument
/// (it would refer to a row that is not there, where `schema` is given), the storage's.
struct Save {
  Record record;
  const Patch* changes = nullptr;
  const Predicate* condition = nullptr;  ///< Null or always: none.
  const Schema* schema = nullptr;        ///< To look for what the record refers to; null: it may refer to anything.
};
Result<Record> save(client::Transaction& transaction, Save save, Written& written);

/// Removes the row and, before it, every row below it by hasMany and hasOne, one entry each.
/// Returns whether the row was there. Codes: condition_failed, the storage's.
struct Removal {
  const ModelSchema* model = nullptr;
  Key key;
  const Predicate* condition = nullptr;
};
Result<bool> remove(const Schema& schema, client::Transaction& transaction, const Removal& removal, Written& written);

}  // namespace holdfast::outbox
