#include "client/sync/hydrator.h"

#include <algorithm>
#include <utility>

#include "client/sync/outcome.h"
#include "protocol/service_filter.h"

namespace holdfast::sync {
namespace {

/// A service that never says "last page" is cut off: ten million rows fit, in pages of ten.
constexpr std::uint64_t pages_max = 1'000'000;

/// Failures of one model in a row after which the others come first.
constexpr int tries_max = 4;

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
  if (!pages_.empty()) effects.push_back(effect::Continue{});
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

/// What the service is asked to leave out. A delta sync of everything tells of rows that have left the expression, too.
Value Hydrator::filter_of(const Run& run) const {
  const bool hears_all = !run.is_base() && ports_.options.leaving == Leaving::at_once;
  if (hears_all || unfiltered_.contains(run.model)) return {};
  return protocol::sync_filter(*run.model, ports_.selection.where(*run.model));
}

void Hydrator::request_next(Effects& effects) {
  if (!is_running_ || in_flight_ != 0 || retry_at_ || queue_.empty() || pages_.size() > 1) return;
  const auto& run = *queue_.front();
  protocol::SyncPage page;
  const std::uint64_t left =
      ports_.options.records_max - std::min<std::uint64_t>(run.fetched, ports_.options.records_max);
  page.limit = run.is_base() ? static_cast<std::uint32_t>(
                                   std::min<std::uint64_t>(ports_.options.page_rows, std::max<std::uint64_t>(left, 1)))
                             : ports_.options.page_rows;
  page.next_token = run.next_token;
  page.last_sync = run.last_sync;
  page.filter = filter_of(run);
  in_flight_ = ports_.names.next();
  const auto request = protocol::sync_request(ports_.schema, *run.model, page);
  effects.push_back(effect::Exchange{in_flight_, http_request(ports_.options, request), ports_.options.request_timeout,
                                     run.model, ModelOperation::read});
}

void Hydrator::on_reply(Time now, const Result<HttpResponse>& reply, Effects& effects) {
  in_flight_ = 0;
  auto read = protocol::read_sync_page(*queue_.front()->model, reply);
  if (const auto* error = std::get_if<protocol::ReplyError>(&read)) return on_failure(now, *error, effects);
  backoff_.reset();
  take(now, std::move(std::get<protocol::SyncedPage>(read)), effects);
}

void Hydrator::take(Time now, protocol::SyncedPage page, Effects& effects) {
  auto& run = *queue_.front();
  run.failures = 0;
  if (run.pages++ == 0) run.started_at = page.started_at;
  run.fetched += page.items.size();
  if (run.sweeps && !run.is_resumed) {
    for (const auto& item : page.items) {
      if (!item.metadata.is_deleted) run.seen.add(item.record.key());
    }
  }
  if (page.unreadable_count > 0) {
    run.has_unreadable = true;
    effects.push_back(failed({Code::malformed, std::to_string(page.unreadable_count) +
                                                   " records could not be read, the first: " + page.first_problem},
                             "sync", run.model));
  }
  const bool ends = is_last(run, page, effects);
  run.next_token = std::move(page.next_token);
  pages_.push_back({.run = &run, .items = synced(std::move(page.items)), .next_token = run.next_token,
                    .fetched = run.fetched, .is_last = ends});
  if (ends) leave_front(now);
  request_next(effects);
  effects.push_back(effect::Continue{});
}

/// The first run has all its pages. One that went on missed what changed since its start: a delta sync comes next. And
/// it does not know all keys that it was told: of a model that is kept in part, a row that left unheard before it began
/// shows as it was, and no delta will tell of it. So another base sync is due soon.
void Hydrator::leave_front(Time now) {
  auto& run = *queue_.front();
  queue_.pop_front();
  broken_.erase(run.model);
  if (!run.is_resumed) return;
  if (!ports_.selection.keeps_all(*run.model)) {
    run.full_at = full_at_to_look_again(now);
  }
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
    retry_at_ = now.ticks + std::max(backoff_.next(), protocol::wait_asked_for(error, now.wall));
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
  if (drops_filter(run, error, effects)) return request_next(effects);
  leave_out(error, effects);
}

/// Whether the first run, whose query was refused, goes on without the filter: everything comes, and is looked at here.
bool Hydrator::drops_filter(Run& run, const protocol::ReplyError& error, Effects& effects) {
  if (error.failure != protocol::Failure::rejected || run.next_token || filter_of(run).is_null()) return false;
  unfiltered_.insert(run.model);
  auto report = failed({Code::unsupported, "the service refused the filter of " + run.model->name +
                                               "'s sync expression, which is now evaluated on the device alone: " +
                                               error.message},
                       "sync", run.model);
  report.what.error_type = error.error_type;
  effects.push_back(std::move(report));
  return true;
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

void Hydrator::on_wake(Time now, Effects& effects) {
  if (!is_running_ || !retry_at_ || now.ticks < *retry_at_) return;
  retry_at_.reset();
  request_next(effects);
}

}  // namespace holdfast::sync
