// Hydrator's part before the first query: where each model begins.
#include <algorithm>
#include <utility>

#include "client/storage/setting_names.h"
#include "client/sync/hydrator.h"
#include "client/sync/sync_order.h"

namespace holdfast::sync {
namespace {

/// How far back a delta sync may ask for everything that changed, of a model that is kept in part. AppSync keeps its
/// change log for 30 minutes by default and answers what is older from the whole table: then a base sync of the part is
/// less.
constexpr Milliseconds unfiltered_delta_max = std::chrono::minutes(30);

}  // namespace

Milliseconds Hydrator::until_next_base(Instant now) const {
  const Milliseconds interval = ports_.options.full_sync_interval;
  auto left = interval;
  for (const auto& run : runs_) left = std::min(left, run->full_at + interval - now);
  return std::max(left, ports_.options.retry_delay_max);
}

Result<void> Hydrator::plan(Time now) {
  return ports_.storage.write(client::Commit::lazy, [&](client::Transaction& transaction) -> Result<void> {
    for (const auto* model : sync_order(ports_.schema)) {
      HOLDFAST_TRY(progress, progress_of(transaction, *model));
      if (ports_.selection.leaves_alone(*model)) continue;
      HOLDFAST_TRY(run, planned(*model, std::move(progress), now));
      runs_.push_back(std::make_unique<Run>(std::move(run)));
      if (ports_.selection.keeps_none(*model)) {
        auto& page = pages_.emplace_back();  // In place: GCC 12 fears for what an empty page's move reads.
        page.run = runs_.back().get();
        page.is_last = true;
      } else {
        queue_.push_back(runs_.back().get());
      }
    }
    models_total_ = runs_.size();
    return {};
  });
}

Result<void> Hydrator::reselect() {
  unfiltered_.clear();
  return ports_.storage.write(client::Commit::lazy, [&](client::Transaction& transaction) -> Result<void> {
    for (const auto& model : ports_.schema.models) {
      HOLDFAST_TRY(noted, progress_of(transaction, model));
    }
    return {};
  });
}

/// Of a model that was synced under another expression, or is left alone, rows may be there that the next expression
/// rejects, and others not, whatever their versions: it begins anew.
Result<Progress> Hydrator::progress_of(client::Transaction& transaction, const ModelSchema& model) const {
  const auto state = client::sync_state_name(model.name);
  HOLDFAST_TRY(text, transaction.setting(state));
  auto progress = read_progress(text);
  const bool is_alone = ports_.selection.leaves_alone(model);
  auto where = is_alone ? progress.where : ports_.selection.where(model);
  if (is_alone ? !progress.done && !progress.resume : progress.where == where) return progress;
  progress = {.is_known = progress.is_known, .is_incomplete = progress.is_known, .is_suspect = progress.is_suspect,
              .where = std::move(where)};
  HOLDFAST_TRY(begun, transaction.set_setting(state, write(progress)));
  return progress;
}

Result<Hydrator::Run> Hydrator::planned(const ModelSchema& model, Progress progress, Time now) const {
  Run run{.model = &model};
  run.counts.model = model.name;
  run.completes_rows = progress.is_incomplete;
  if (progress.done && is_recent(*progress.done, model, now.wall)) {
    run.last_sync = progress.done->started_at;
    run.full_at = progress.done->full_at;
  }
  if (run.is_base()) run.full_at = now.wall;
  if (run.is_base() && progress.resume) go_on(run, *progress.resume, now.wall);
  run.is_suspect = progress.is_suspect;
  run.sweeps = run.is_base() && (progress.is_known || !ports_.selection.keeps_all(model));
  run.counts.is_full_sync = run.is_base();
  return run;
}

Result<void> Hydrator::distrust(const std::string& model) {
  return ports_.storage.write(client::Commit::lazy, [&](client::Transaction& transaction) -> Result<void> {
    const auto state = client::sync_state_name(model);
    HOLDFAST_TRY(text, transaction.setting(state));
    const Progress suspect{
        .is_known = true, .is_incomplete = true, .is_suspect = true, .where = read_progress(text).where};
    return transaction.set_setting(state, write(suspect));
  });
}

/// A delta sync will do.
bool Hydrator::is_recent(const Progress::Done& done, const ModelSchema& model, Instant now) const {
  const auto age = now - done.full_at;
  // A negative age says that the device's clock went back: it can not tell, so it asks for everything.
  if (age < Milliseconds(0) || age >= ports_.options.full_sync_interval) return false;
  const bool is_filtered = ports_.selection.keeps_all(model) || ports_.options.leaving == Leaving::at_base_sync;
  return is_filtered || now - from_epoch_ms(done.started_at) < unfiltered_delta_max;
}

/// Behind the last page that an interrupted base sync applied, unless that is too long ago.
void Hydrator::go_on(Run& run, const Progress::Resume& resume, Instant now) const {
  const auto age = now - resume.full_at;
  if (age < Milliseconds(0) || age >= ports_.options.full_sync_interval) return;
  run.next_token = resume.token;
  run.started_at = resume.started_at;
  run.full_at = resume.full_at;
  run.fetched = static_cast<std::uint64_t>(resume.records);
  run.pages = 1;
  run.is_resumed = true;
}

}  // namespace holdfast::sync
