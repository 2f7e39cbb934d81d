// Hydrator's part behind the queries: pages are applied, what they did not tell of is swept, and how far a model is is
// noted.
#include <utility>

#include "client/storage/setting_names.h"
#include "client/sync/hydrator.h"

namespace holdfast::sync {
namespace {

/// What the service changed so shortly before a base sync stays, though it was not told of: AppSync reads its table
/// with a delay. Thousands of times what is seen; the next base sync finds the row.
constexpr Milliseconds read_delay_max = std::chrono::minutes(10);

/// Rows that an upgrade of the schema left without values have the service's version already.
Take take_of(bool completes_rows) { return completes_rows ? Take::same_version_too : Take::newer; }

}  // namespace

/// One transaction: a page, or a step of the sweep that follows the last one.
Result<void> Hydrator::on_page_ready(Time now, Effects& effects) {
  static_cast<void>(now);
  if (!is_running_ || pages_.empty()) return {};
  auto& page = pages_.front();
  auto& run = *page.run;
  Applied applied;
  bool is_over = false;
  const auto body = [&](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(done, page.sweep ? sweep(transaction, page, applied) : apply(transaction, page, applied));
    is_over = done;
    return done ? note(transaction, page) : Result<void>();
  };
  HOLDFAST_TRY(written, ports_.storage.write(client::Commit::lazy, body));
  run.counts.inserted += applied.inserted;
  run.counts.updated += applied.updated;
  run.counts.removed += applied.removed;
  if (!applied.changes.empty()) effects.push_back(effect::Changed{std::move(applied.changes)});
  if (is_over) {
    report(page, effects);
    pages_.pop_front();
  } else if (!page.sweep) {
    HOLDFAST_TRY(begun, begin_sweep(page));
  }
  request_next(effects);
  if (!pages_.empty()) effects.push_back(effect::Continue{});
  return {};
}

/// Whether nothing is left to be done for the page.
Result<bool> Hydrator::apply(client::Transaction& transaction, Page& page, Applied& applied) {
  for (const auto& item : page.items) {
    if (!ports_.selection.keeps(item.record)) outsiders_.note(item);
  }
  HOLDFAST_TRY(reconciled, reconcile_page(transaction, ports_.selection, std::exchange(page.items, {}), applied,
                                          take_of(page.run->completes_rows)));
  if (!page.is_last || !page.run->sweeps) return true;
  HOLDFAST_TRY(has_strangers, may_hold_strangers(transaction, *page.run));
  return !has_strangers;
}

Result<bool> Hydrator::sweep(client::Transaction& transaction, Page& page, Applied& applied) const {
  HOLDFAST_TRY(swept, page.sweep->step(transaction, ports_.selection, applied));
  return page.sweep->is_done();
}

/// Every record was told of, and its key is known.
bool Hydrator::has_seen_all(const Run& run) {
  return !run.is_resumed && !run.counts.is_truncated && !run.has_unreadable && run.seen.is_whole();
}

/// After the last page: whether the device may hold rows that should leave it. Of a model that is kept whole a count
/// mostly tells that there are none.
Result<bool> Hydrator::may_hold_strangers(client::Transaction& transaction, Run& run) const {
  if (!ports_.selection.keeps_all(*run.model)) return true;
  if (!has_seen_all(run)) return false;  // Which they are is not known: the next base sync may tell.
  HOLDFAST_TRY(unsent, transaction.outbox_size());
  if (unsent > 0) return true;
  run.seen.seal();
  HOLDFAST_TRY(rows, transaction.count(*run.model, {}));
  return rows != run.seen.size();
}

Result<void> Hydrator::begin_sweep(Page& page) const {
  auto& run = *page.run;
  const bool has_all = has_seen_all(run);
  run.seen.seal();
  const bool is_margin_needed = ports_.selection.keeps_all(*run.model) && !run.is_suspect;
  const auto margin = is_margin_needed ? read_delay_max : Milliseconds(0);
  HOLDFAST_TRY(found, Sweep::find(ports_.storage, {.model = *run.model, .selection = ports_.selection,
                                                   .seen = has_all ? &run.seen : nullptr,
                                                   .told_until = run.started_at - margin.count()}));
  page.sweep = std::move(found);
  return {};
}

/// How far the model is, with the page.
Result<void> Hydrator::note(client::Transaction& transaction, const Page& page) {
  const auto& run = *page.run;
  if (!page.is_last && !run.is_base()) return {};
  Progress progress{.where = ports_.selection.where(*run.model)};
  if (page.is_last) {
    if (run.is_base() && !ports_.selection.keeps_all(*run.model)) based_at_[run.model] = run.started_at;
    progress.done = Progress::Done{.started_at = run.started_at, .full_at = run.full_at};
  } else {
    progress.resume = Progress::Resume{.token = *page.next_token, .started_at = run.started_at, .full_at = run.full_at,
                                       .records = static_cast<std::int64_t>(page.fetched)};
    progress.is_incomplete = run.completes_rows;
    progress.is_suspect = run.is_suspect;
  }
  return transaction.set_setting(client::sync_state_name(run.model->name), write(progress));
}

void Hydrator::report(const Page& page, Effects& effects) {
  auto& run = *page.run;
  if (!page.is_last) {
    effects.push_back(effect::Report{SyncProgress{.model = run.model->name, .is_full_sync = run.counts.is_full_sync,
                                                  .records = page.fetched, .models_done = models_done_,
                                                  .models_total = models_total_}});
  } else if (run.catching_up) {
    run.catching_up->counts = run.counts;
  } else {
    ++models_done_;
    effects.push_back(effect::Report{run.counts});
  }
}

}  // namespace holdfast::sync
