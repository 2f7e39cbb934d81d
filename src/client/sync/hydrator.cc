#include "client/sync/hydrator.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "client/storage/setting_names.h"
#include "client/sync/outcome.h"
#include "client/sync/reconciler.h"
#include "client/sync/sync_order.h"

namespace holdfast::sync {
namespace {

/// A service that never says "last page" is cut off: ten million rows fit, in pages of ten.
constexpr std::uint64_t pages_max = 1'000'000;

/// Failures of one model in a row after which the others come first.
constexpr int tries_max = 4;

/// Rows that an upgrade of the schema left without values have the service's version already.
Take take_of(bool completes_rows) { return completes_rows ? Take::same_version_too : Take::newer; }

std::vector<client::SyncedRecord> synced(std::vector<protocol::Received> items) {
  std::vector<client::SyncedRecord> records;
  records.reserve(items.size());
  for (auto& item : items) records.push_back({std::move(item.record), item.metadata});
  return records;
}

}  // namespace

Hydrator::Hydrator(const Ports& ports)
    : ports_(ports), backoff_(ports.random, ports.options.retry_delay_min, ports.options.retry_delay_max) {}

Result<void> Hydrator::start(Time now, Effects& effects) {
  cancel();
  HOLDFAST_TRY(done, plan(now));
  is_running_ = true;
  has_left_out_ = false;
  backoff_.reset();
  SyncQueriesStarted started;
  for (const auto& run : runs_) started.models.push_back(run->model->name);
  effects.push_back(effect::Report{std::move(started)});
  request_next(effects);
  return {};
}

void Hydrator::cancel() {
  is_running_ = false;
  pages_.clear();
  queue_.clear();
  runs_.clear();
  models_done_ = models_total_ = 0;
  in_flight_ = 0;
  retry_at_.reset();
}

bool Hydrator::is_done() const noexcept { return is_running_ && queue_.empty() && pages_.empty(); }

Milliseconds Hydrator::until_next_base(Instant now) const {
  const Milliseconds interval = ports_.options.full_sync_interval;
  auto left = interval;
  for (const auto& run : runs_) left = std::min(left, run->full_at + interval - now);
  return std::max(left, ports_.options.retry_delay_max);
}

Result<void> Hydrator::plan(Time now) {
  return ports_.storage.write(client::Commit::lazy, [&](client::Transaction& transaction) -> Result<void> {
    for (const auto* model : sync_order(ports_.schema)) {
      HOLDFAST_TRY(run, planned(transaction, *model, now));
      runs_.push_back(std::make_unique<Run>(std::move(run)));
      queue_.push_back(runs_.back().get());
    }
    models_total_ = runs_.size();
    return {};
  });
}

Result<Hydrator::Run> Hydrator::planned(client::Transaction& transaction, const ModelSchema& model, Time now) const {
  Run run{.model = &model};
  run.counts.model = model.name;
  HOLDFAST_TRY(text, transaction.setting(client::sync_state_name(model.name)));
  const auto state = text ? json::parse(*text) : Result<Value>(Value());
  const auto* started_at = state ? (*state)["startedAt"].as_integer() : nullptr;
  const auto* full_at = state ? (*state)["fullAt"].as_integer() : nullptr;
  const auto* is_incomplete = state ? (*state)["isIncomplete"].as_boolean() : nullptr;
  run.completes_rows = is_incomplete && *is_incomplete;
  if (started_at && full_at) {
    const auto age = now.wall - from_epoch_ms(*full_at);
    // A negative age says that the device's clock went back: it can not tell, so it asks for everything.
    const bool is_recent = age >= Milliseconds(0) && age < ports_.options.full_sync_interval;
    if (is_recent) {
      run.last_sync = *started_at;
      run.full_at = from_epoch_ms(*full_at);
    }
  }
  if (run.is_base()) run.full_at = now.wall;
  if (run.is_base() && state) go_on(run, (*state)["resume"], now.wall, ports_.options.full_sync_interval);
  run.counts.is_full_sync = run.is_base();
  return run;
}

/// Behind the last page that an interrupted base sync applied, unless that is too long ago.
void Hydrator::go_on(Run& run, const Value& kept, Instant now, Milliseconds interval) {
  const auto* token = kept["token"].as_string();
  const auto* started_at = kept["startedAt"].as_integer();
  const auto* full_at = kept["fullAt"].as_integer();
  const auto* records = kept["records"].as_integer();
  if (!token || !started_at || *started_at <= 0 || !full_at || !records) return;
  const auto age = now - from_epoch_ms(*full_at);
  if (age < Milliseconds(0) || age >= interval) return;
  run.next_token = *token;
  run.started_at = *started_at;
  run.full_at = from_epoch_ms(*full_at);
  run.fetched = static_cast<std::uint64_t>(std::max<std::int64_t>(*records, 0));
  run.pages = 1;
  run.is_resumed = true;
}

void Hydrator::request_next(Effects& effects) {
  if (!is_running_ || in_flight_ != 0 || retry_at_ || queue_.empty() || pages_.size() > 1) return;
  const auto& run = *queue_.front();
  protocol::SyncPage page;
  const std::uint64_t left = ports_.options.records_max - std::min<std::uint64_t>(run.fetched, ports_.options.records_max);
  page.limit = run.is_base() ? static_cast<std::uint32_t>(std::min<std::uint64_t>(ports_.options.page_rows, std::max<std::uint64_t>(left, 1)))
                             : ports_.options.page_rows;
  page.next_token = run.next_token;
  page.last_sync = run.last_sync;
  in_flight_ = ports_.names.next();
  const auto request = protocol::sync_request(ports_.schema, *run.model, page);
  effects.push_back(effect::Exchange{in_flight_, http_request(ports_.options, request), ports_.options.request_timeout});
}

void Hydrator::on_reply(Time now, const Result<HttpResponse>& reply, Effects& effects) {
  in_flight_ = 0;
  auto read = protocol::read_sync_page(*queue_.front()->model, reply);
  if (const auto* error = std::get_if<protocol::ReplyError>(&read)) return on_failure(now, *error, effects);
  backoff_.reset();
  take(std::move(std::get<protocol::SyncedPage>(read)), effects);
}

void Hydrator::take(protocol::SyncedPage page, Effects& effects) {
  auto& run = *queue_.front();
  run.failures = 0;
  if (run.pages++ == 0) run.started_at = page.started_at;
  run.fetched += page.items.size();
  if (page.unreadable_count > 0) {
    effects.push_back(failed({Code::malformed, std::to_string(page.unreadable_count) +
                                                   " records could not be read, the first: " + page.first_problem},
                             "sync", run.model));
  }
  const bool ends = is_last(run, page, effects);
  run.next_token = std::move(page.next_token);
  pages_.push_back({&run, synced(std::move(page.items)), run.next_token, run.fetched, ends});
  if (ends) leave_front();
  request_next(effects);
  effects.push_back(effect::Continue{});
}

/// The first run has all its pages. One that went on missed what changed since its start: a delta sync comes next.
void Hydrator::leave_front() {
  auto& run = *queue_.front();
  queue_.pop_front();
  broken_.erase(run.model);
  if (!run.is_resumed) return;
  runs_.push_back(std::make_unique<Run>(Run{.model = run.model, .last_sync = run.started_at, .full_at = run.full_at}));
  run.catching_up = runs_.back().get();
  queue_.push_front(run.catching_up);
}

bool Hydrator::is_last(Run& run, const protocol::SyncedPage& page, Effects& effects) const {
  if (!page.next_token) return true;
  const bool is_full = run.is_base() && run.fetched >= ports_.options.records_max;
  if (!is_full && run.pages < pages_max && page.next_token != run.next_token) return false;
  run.counts.is_truncated = true;
  effects.push_back(failed({Code::limit_exceeded, "the sync of " + run.model->name + " was cut off after " +
                                                      std::to_string(run.fetched) +
                                                      " records; raise records_max, or see why the service goes on"},
                           "sync", run.model));
  return true;
}

void Hydrator::on_failure(Time now, const protocol::ReplyError& error, Effects& effects) {
  auto& run = *queue_.front();
  const auto deed = outcome_of(error.failure).deed;
  if (deed == Deed::try_again || deed == Deed::try_some) {
    if (!is_kept(run)) return leave_out(error, effects);
    retry_at_ = now.ticks + std::max(backoff_.next(), error.retry_after.value_or(Milliseconds(0)));
    return;
  }
  if (run.next_token && !run.was_restarted && error.failure == protocol::Failure::rejected) {
    // The service may have forgotten the token: begin this model anew.
    run.next_token.reset();
    run.fetched = run.pages = 0;
    if (run.is_base()) run.full_at = now.wall;
    run.is_resumed = false;
    run.was_restarted = true;
    return request_next(effects);
  }
  leave_out(error, effects);
}

/// Whether the first run, which has just failed, is tried again: now, or after the others.
bool Hydrator::is_kept(Run& run) {
  const bool is_broken = broken_.contains(run.model);
  if (++run.failures < tries_max && !is_broken) return true;
  const bool has_any_come = models_done_ > 0 || !pages_.empty();
  if (has_any_come && (run.had_second_chance || is_broken)) return false;
  run.had_second_chance = true;
  run.failures = 0;
  queue_.pop_front();
  queue_.push_back(&run);
  return true;
}

void Hydrator::leave_out(const protocol::ReplyError& error, Effects& effects) {
  const auto& run = *queue_.front();
  auto report = failed(error_of(error), "sync", run.model);
  report.what.error_type = error.error_type;
  effects.push_back(std::move(report));
  const auto deed = outcome_of(error.failure).deed;
  if (deed == Deed::try_again || deed == Deed::try_some) broken_.insert(run.model);
  has_left_out_ = has_left_out_ || deed != Deed::give_up;
  queue_.pop_front();
  request_next(effects);
  effects.push_back(effect::Continue{});
}

Result<void> Hydrator::on_page_ready(Time now, Effects& effects) {
  static_cast<void>(now);
  if (!is_running_ || pages_.empty()) return {};
  auto page = std::move(pages_.front());
  pages_.pop_front();
  const auto take = take_of(page.run->completes_rows);
  Applied applied;
  HOLDFAST_TRY(written, ports_.storage.write(client::Commit::lazy, [&](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(reconciled, reconcile_page(transaction, std::move(page.items), applied, take));
    return note(transaction, page);
  }));
  if (!applied.changes.empty()) effects.push_back(effect::Changed{std::move(applied.changes)});
  report(page, applied, effects);
  request_next(effects);
  if (!pages_.empty()) effects.push_back(effect::Continue{});
  return {};
}

/// How far the model is, with the page.
Result<void> Hydrator::note(client::Transaction& transaction, const Page& page) const {
  const auto& run = *page.run;
  if (!page.is_last && !run.is_base()) return {};
  Object state;
  if (page.is_last) {
    state = {{"startedAt", run.started_at}, {"fullAt", epoch_ms(run.full_at)}};
  } else {
    state.append("resume", Object{{"token", *page.next_token},
                                  {"startedAt", run.started_at},
                                  {"fullAt", epoch_ms(run.full_at)},
                                  {"records", static_cast<std::int64_t>(page.fetched)}});
    if (run.completes_rows) state.append("isIncomplete", true);
  }
  return transaction.set_setting(client::sync_state_name(run.model->name), json::write(state));
}

void Hydrator::report(const Page& page, const Applied& applied, Effects& effects) {
  auto& run = *page.run;
  run.counts.inserted += applied.inserted;
  run.counts.updated += applied.updated;
  run.counts.removed += applied.removed;
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

void Hydrator::on_wake(Time now, Effects& effects) {
  if (!is_running_ || !retry_at_ || now.ticks < *retry_at_) return;
  retry_at_.reset();
  request_next(effects);
}

}  // namespace holdfast::sync
