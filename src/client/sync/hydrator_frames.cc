// Hydrator's part after the pages: frames of models that are kept in part, which may be older than what the pages told.
#include <algorithm>

#include "client/storage/setting_names.h"
#include "client/sync/hydrator.h"

namespace holdfast::sync {

/// Of a row that it never had, the device stores no version to compare a frame with. What a delta sync told is noted. A
/// base sync is filtered: of a record that left the selection after the frame was sent, and before the sync began, it
/// says nothing, and no delta sync will if the connection ends before the next frame.
Result<Hydrator::Verdict> Hydrator::judge(Time now, client::Transaction& transaction,
                                          const client::SyncedRecord& frame) {
  if (outsiders_.outran(frame)) return Verdict::outrun;
  const auto& model = *frame.record.model;
  const auto base = based_at_.find(&model);
  if (base == based_at_.end() || epoch_ms(frame.metadata.last_changed_at) >= base->second) return Verdict::fine;
  if (frame.metadata.is_deleted || !ports_.selection.keeps(frame.record)) return Verdict::fine;  // It shows nothing.
  HOLDFAST_TRY(stored, transaction.find(model, frame.record.key()));
  if (stored.metadata.version > 0 || stored.record) return Verdict::fine;
  const auto state = client::sync_state_name(model.name);
  HOLDFAST_TRY(text, transaction.setting(state));
  auto progress = read_progress(text);
  if (!progress.done) return Verdict::fine;  // It is due already.
  progress.done->full_at = std::min(progress.done->full_at, full_at_to_look_again(now));
  HOLDFAST_TRY(noted, transaction.set_setting(state, write(progress)));
  for (const auto& run : runs_) {
    if (run->model == &model) run->full_at = progress.done->full_at;
  }
  return Verdict::doubtful;
}

/// As if the last base sync had been so long ago that the next is due soon.
Instant Hydrator::full_at_to_look_again(Time now) const {
  return now.wall - std::max(ports_.options.full_sync_interval - look_again_after, Milliseconds(0));
}

void Hydrator::on_disconnected() noexcept {
  outsiders_.clear();
  based_at_.clear();
}

}  // namespace holdfast::sync
