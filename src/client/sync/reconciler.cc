#include "client/sync/reconciler.h"

#include <utility>

#include "client/outbox/image.h"
#include "client/outbox/outbox.h"

namespace holdfast::sync {
namespace {

using client::Stored;
using client::SyncedRecord;
using client::Transaction;
using outbox::Image;

void note(Applied& applied, const std::optional<Record>& before, const std::optional<Record>& after) {
  if (!before && !after) return;
  if (!before) {
    ++applied.inserted;
    applied.changes.push_back({ChangeType::inserted, Origin::remote, *after});
  } else if (!after) {
    ++applied.removed;
    applied.changes.push_back({ChangeType::removed, Origin::remote, *before});
  } else if (*before != *after) {
    ++applied.updated;
    applied.changes.push_back({ChangeType::updated, Origin::remote, *after});
  }
}

Image image_of(const SyncedRecord& synced) {
  if (synced.metadata.is_deleted) return {.record = std::nullopt, .metadata = synced.metadata};
  return {.record = synced.record, .metadata = synced.metadata};
}

/// One key on its way from what is stored to what is to be seen.
struct Place {
  const ModelSchema& model;
  const Key& key;
  const Stored& stored;
  const Selection& selection;
};

/// Shows `ground` with the key's entries on top.
Result<void> show(Transaction& transaction, const Place& place, const Image& ground, Applied& applied) {
  HOLDFAST_TRY(entries, transaction.entries_of(place.model, place.key));
  auto visible = outbox::rebased(ground.record, entries);
  if (visible && entries.empty() && !place.selection.keeps(*visible)) {
    const bool is_known = place.stored.record || place.stored.metadata.version > 0;
    if (!is_known) return {};
    visible.reset();
  }
  if (visible) {
    HOLDFAST_TRY(put, transaction.put(*visible, ground.metadata));
  } else {
    HOLDFAST_TRY(erased, transaction.erase(place.model, place.key, ground.metadata));
  }
  if (!entries.empty()) {
    HOLDFAST_TRY(kept, outbox::write_image(transaction, place.model, place.key, ground));
  }
  note(applied, place.stored.record, visible);
  return {};
}

/// The newest state at the service that is known, given its answer.
Image newest(const Place& place, std::optional<Image> kept, const std::optional<SyncedRecord>& answer) {
  const auto& known = place.stored.metadata;
  if (!answer || (answer->metadata.version == 0 && known.version == 0)) {
    // The service forgot the key, or never knew it; a version once seen stays, so that it can not decrease.
    if (known.version == 0) return {.record = std::nullopt, .metadata = {}};
    return {.record = std::nullopt, .metadata = {known.version, known.last_changed_at, true}};
  }
  if (kept && kept->metadata.version > answer->metadata.version) return std::move(*kept);
  // Older than what is known, and no image: the row itself is the newest state.
  if (!kept && known.version > answer->metadata.version) return {.record = place.stored.record, .metadata = known};
  return image_of(*answer);
}

Result<void> reconcile_one(Transaction& transaction, const Selection& selection, const SyncedRecord& inbound, Take take,
                           Applied& applied) {
  const auto& model = *inbound.record.model;
  const auto key = inbound.record.key();
  HOLDFAST_TRY(stored, transaction.find(model, key));
  const auto known = stored.metadata.version;
  const bool is_taken =
      inbound.metadata.version > known || (take == Take::same_version_too && inbound.metadata.version == known);
  return is_taken ? show(transaction, {model, key, stored, selection}, image_of(inbound), applied) : Result<void>();
}

}  // namespace

Result<void> reconcile(Transaction& transaction, const Selection& selection, const SyncedRecord& inbound,
                       Applied& applied) {
  return reconcile_one(transaction, selection, inbound, Take::newer, applied);
}

Result<void> reconcile_page(Transaction& transaction, const Selection& selection, std::vector<SyncedRecord> page,
                            Applied& applied, Take take) {
  HOLDFAST_TRY(first_entry, transaction.entries(0, 1));
  const bool is_outbox_empty = first_entry.empty();
  for (auto& inbound : page) {
    const bool is_simple = is_outbox_empty && !inbound.metadata.is_deleted && take == Take::newer;
    if (!is_simple || !selection.keeps(inbound.record)) {
      HOLDFAST_TRY(reconciled, reconcile_one(transaction, selection, inbound, take, applied));
      continue;
    }
    HOLDFAST_TRY(put, transaction.put_newer(inbound));
    if (put == client::Put::stale) continue;
    const bool is_new = put == client::Put::inserted;
    ++(is_new ? applied.inserted : applied.updated);
    applied.changes.push_back(
        {is_new ? ChangeType::inserted : ChangeType::updated, Origin::remote, std::move(inbound.record)});
  }
  return {};
}

Result<void> reground(Transaction& transaction, const Selection& selection, const RecordAt& at,
                      const std::optional<SyncedRecord>& answer, Applied& applied) {
  HOLDFAST_TRY(stored, transaction.find(at.model, at.key));
  HOLDFAST_TRY(kept, outbox::read_image(transaction, at.model, at.key));
  if (kept) {
    HOLDFAST_TRY(dropped, outbox::drop_image(transaction, at.model, at.key));
  }
  const Place place{at.model, at.key, stored, selection};
  return show(transaction, place, newest(place, std::move(kept), answer), applied);
}

Result<void> evict(Transaction& transaction, const RecordAt& at, Afterwards afterwards, Applied& applied) {
  HOLDFAST_TRY(stored, transaction.find(at.model, at.key));
  HOLDFAST_TRY(entries, transaction.entries_of(at.model, at.key));
  if (!stored.record || !entries.empty()) return {};
  const auto known = afterwards == Afterwards::unknown ? Metadata{} : stored.metadata;
  HOLDFAST_TRY(erased, transaction.erase(at.model, at.key, known));
  note(applied, stored.record, std::nullopt);
  return {};
}

}  // namespace holdfast::sync
