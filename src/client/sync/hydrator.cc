#include "client/sync/hydrator.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "client/storage/setting_names.h"
#include "client/sync/mutation.h"
#include "client/sync/reconciler.h"
#include "client/sync/sync_order.h"

namespace holdfast::sync {
namespace {

/// A service that never says "last page" is cut off: ten million rows fit, in pages of ten.
constexpr std::uint64_t pages_max = 1'000'000;

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
  was_refused_ = false;
  backoff_.reset();
  SyncQueriesStarted started;
  for (const auto& run : runs_) started.models.push_back(run.model->name);
  effects.push_back(effect::Report{std::move(started)});
  request_next(effects);
  return {};
}

void Hydrator::cancel() {
  is_running_ = false;
  runs_.clear();
  pages_.clear();
  fetching_ = 0;
  in_flight_ = 0;
  retry_at_.reset();
}

bool Hydrator::is_done() const noexcept { return is_running_ && fetching_ == runs_.size() && pages_.empty(); }

Milliseconds Hydrator::until_next_base(Instant now) const {
  const Milliseconds interval = ports_.options.full_sync_interval;
  auto left = interval;
  for (const auto& run : runs_) left = std::min(left, run.full_at + interval - now);
  return std::max(left, ports_.options.retry_delay_max);
}

Result<void> Hydrator::plan(Time now) {
  return ports_.storage.write(client::Commit::lazy, [&](client::Transaction& transaction) -> Result<void> {
    runs_.clear();
    for (const auto* model : sync_order(ports_.schema)) {
      HOLDFAST_TRY(run, planned(transaction, *model, now));
      runs_.push_back(std::move(run));
    }
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
  run.counts.is_full_sync = run.is_base();
  return run;
}

void Hydrator::request_next(Effects& effects) {
  if (!is_running_ || in_flight_ != 0 || retry_at_ || fetching_ == runs_.size() || pages_.size() > 1) return;
  const auto& run = runs_[fetching_];
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
  auto read = protocol::read_sync_page(*runs_[fetching_].model, reply);
  if (const auto* error = std::get_if<protocol::ReplyError>(&read)) return on_failure(now, *error, effects);
  backoff_.reset();
  take(std::move(std::get<protocol::SyncedPage>(read)), effects);
}

void Hydrator::take(protocol::SyncedPage page, Effects& effects) {
  auto& run = runs_[fetching_];
  if (run.pages++ == 0) run.started_at = page.started_at;
  run.fetched += page.items.size();
  if (page.unreadable_count > 0) {
    effects.push_back(failed({Code::malformed, std::to_string(page.unreadable_count) +
                                                   " records could not be read, the first: " + page.first_problem},
                             "sync", run.model));
  }
  const bool ends = is_last(run, page, effects);
  run.next_token = std::move(page.next_token);
  const auto at = fetching_;
  if (ends) ++fetching_;
  pages_.push_back({at, synced(std::move(page.items)), ends});
  request_next(effects);
  effects.push_back(effect::Continue{});
}

bool Hydrator::is_last(const Run& run, const protocol::SyncedPage& page, Effects& effects) const {
  if (!page.next_token) return true;
  const bool is_full = run.is_base() && run.fetched >= ports_.options.records_max;
  if (!is_full && run.pages < pages_max && page.next_token != run.next_token) return false;
  effects.push_back(failed({Code::limit_exceeded, "the sync of " + run.model->name + " was cut off after " +
                                                      std::to_string(run.fetched) +
                                                      " records; raise records_max, or see why the service goes on"},
                           "sync", run.model));
  return true;
}

void Hydrator::on_failure(Time now, const protocol::ReplyError& error, Effects& effects) {
  using protocol::Failure;
  auto& run = runs_[fetching_];
  const bool may_pass = error.failure == Failure::transient || error.failure == Failure::malformed;
  if (error.failure != Failure::transient) {
    auto report = failed(error_of(error), "sync", run.model);
    report.what.error_type = error.error_type;
    effects.push_back(std::move(report));
  }
  if (may_pass) {
    retry_at_ = now.ticks + backoff_.next();
    return;
  }
  if (run.next_token && !run.was_restarted && error.failure == Failure::rejected) {
    // The service may have forgotten the token: begin this model anew.
    run.next_token.reset();
    run.fetched = run.pages = 0;
    run.was_restarted = true;
    return request_next(effects);
  }
  was_refused_ = was_refused_ || error.failure == Failure::unauthorized;
  ++fetching_;
  request_next(effects);
  effects.push_back(effect::Continue{});
}

Result<void> Hydrator::on_page_ready(Time now, Effects& effects) {
  static_cast<void>(now);
  if (!is_running_ || pages_.empty()) return {};
  auto page = std::move(pages_.front());
  pages_.pop_front();
  auto& run = runs_[page.run];
  Applied applied;
  HOLDFAST_TRY(written, ports_.storage.write(client::Commit::lazy, [&](client::Transaction& transaction) -> Result<void> {
    HOLDFAST_TRY(reconciled, reconcile_page(transaction, std::move(page.items), applied, take_of(run.completes_rows)));
    return page.is_last ? finish(transaction, run) : Result<void>();
  }));
  run.counts.inserted += applied.inserted;
  run.counts.updated += applied.updated;
  run.counts.removed += applied.removed;
  if (!applied.changes.empty()) effects.push_back(effect::Changed{std::move(applied.changes)});
  if (page.is_last) effects.push_back(effect::Report{run.counts});
  request_next(effects);
  if (!pages_.empty()) effects.push_back(effect::Continue{});
  return {};
}

Result<void> Hydrator::finish(client::Transaction& transaction, const Run& run) const {
  const Object state{{"startedAt", run.started_at}, {"fullAt", epoch_ms(run.full_at)}};
  return transaction.set_setting(client::sync_state_name(run.model->name), json::write(state));
}

void Hydrator::on_wake(Time now, Effects& effects) {
  if (!is_running_ || !retry_at_ || now.ticks < *retry_at_) return;
  retry_at_.reset();
  request_next(effects);
}

}  // namespace holdfast::sync
