// Hydrator: brings the device up to date by sync queries, model by model, page by page.
//
// Invariant 6: base sync and delta sync end in the same rows. A model's sync state moves in the transaction of its
// last page; applying a page twice changes nothing. An interrupted delta sync is done again from its start; a base sync
// goes on behind the last page that was applied, and what it missed meanwhile is fetched by a delta sync from its start.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/sync/backoff.h"
#include "client/sync/outsiders.h"
#include "client/sync/ports.h"
#include "client/sync/progress.h"
#include "client/sync/reconciler.h"
#include "client/sync/sweep.h"
#include "protocol/replies.h"

namespace holdfast::sync {

/// Parents come before children. The next page is asked for before the present one is applied, so that network and
/// disk work at the same time; at most two pages are held. A page is one transaction.
/// A query that the service refuses is reported and its model left as it is. One that fails for the time being is tried
/// again, and again after the other models; then it is reported, and left for the next run. While no model has got
/// through at all, it is the service that fails, and nothing is given up.
/// Of a model with a sync expression the service is asked for what it keeps. What has left it is learnt from delta syncs
/// that are not filtered, unless SyncOptions::leaving says otherwise, and found after a base sync (sweep.h). When the
/// expression is another one than last time, a base sync is made. A filter that the service refuses is not sent again.
/// A base sync of a model that was synced before also finds what was deleted so long ago that the service has forgotten it.
/// Passive and not thread-safe.
class Hydrator {
 public:
  explicit Hydrator(const Ports& ports);

  /// Reads how far each model is and asks for the first page. Codes: the storage's.
  Result<void> start(Time now, Effects& effects);
  void cancel();

  /// What this connection's syncs make of a frame that comes after them.
  enum class Verdict : std::uint8_t {
    fine,
    outrun,    ///< A page told that the record is at a version which is not kept, no older than the frame's.
    doubtful,  ///< A base sync may not have told of the record because it had left the selection by then.
  };
  /// A doubtful record's model is due for a base sync soon: within look_again_after. Codes: the storage's.
  Result<Verdict> judge(Time now, client::Transaction& transaction, const client::SyncedRecord& frame);
  static constexpr Milliseconds look_again_after = std::chrono::minutes(10);
  /// No frame of the connection comes any more.
  void on_disconnected() noexcept;
  /// The model is fetched anew at the next start(), also at the versions that are known. Codes: the storage's.
  Result<void> distrust(const std::string& model);
  /// Other expressions are in force: filters that were refused may be sent again, and what was synced under those before
  /// is fetched anew, also when they come back before the next start(). Codes: the storage's.
  Result<void> reselect();

  [[nodiscard]] bool owns(ExchangeId id) const noexcept { return is_running_ && in_flight_ == id; }
  void on_reply(Time now, const Result<HttpResponse>& reply, Effects& effects);
  /// Applies one page that waits, if any. Codes: the storage's.
  Result<void> on_page_ready(Time now, Effects& effects);
  void on_wake(Time now, Effects& effects);

  [[nodiscard]] bool is_done() const noexcept;
  /// Some model could not be synced for now: its credentials were refused, or it kept failing.
  [[nodiscard]] bool has_left_out() const noexcept { return has_left_out_; }
  /// Until the first model is due for a base sync again. After is_done().
  [[nodiscard]] Milliseconds until_next_base(Instant now) const;
  [[nodiscard]] std::optional<Tick> wake_at() const noexcept { return is_running_ ? retry_at_ : std::nullopt; }

 private:
  /// One model's run.
  struct Run {
    const ModelSchema* model = nullptr;
    std::int64_t last_sync = 0;              ///< 0: a base sync.
    Instant full_at{};                       ///< When the last base sync began.
    std::optional<std::string> next_token = {};
    std::int64_t started_at = 0;             ///< The first page's.
    std::uint64_t fetched = 0;
    std::uint64_t pages = 0;
    int failures = 0;                        ///< Since a page came.
    bool had_second_chance = false;
    bool is_resumed = false;                 ///< Goes on where an interrupted base sync ended.
    bool was_restarted = false;
    bool completes_rows = false;             ///< A base sync after the model's fields or its expression changed.
    bool is_suspect = false;                 ///< The model is fetched because checksums differ.
    bool sweeps = false;                     ///< A base sync of a model that was synced before, or is not kept whole.
    SeenKeys seen = {};                      ///< Of live records. When it sweeps and was not resumed.
    bool has_unreadable = false;             ///< Records whose keys are not among those seen.
    Run* catching_up = nullptr;              ///< Of a base sync that goes on: the delta sync that follows it.
    ModelSynced counts = {};
    [[nodiscard]] bool is_base() const noexcept { return last_sync == 0; }
  };
  struct Page {
    Run* run = nullptr;
    std::vector<client::SyncedRecord> items = {};
    std::optional<std::string> next_token = {};
    std::uint64_t fetched = 0;               ///< Of its run, this page included.
    bool is_last = false;
    std::optional<Sweep> sweep = {};         ///< Of the last page, after it was applied, when rows may have to leave.
  };

  Result<void> plan(Time now);
  Result<Run> planned(const ModelSchema& model, Progress progress, Time now) const;
  Result<Progress> progress_of(client::Transaction& transaction, const ModelSchema& model) const;
  void request_next(Effects& effects);
  void take(Time now, protocol::SyncedPage page, Effects& effects);
  void leave_front(Time now);
  [[nodiscard]] Instant full_at_to_look_again(Time now) const;
  void on_failure(Time now, const protocol::ReplyError& error, Effects& effects);
  bool is_kept(Run& run);
  void leave_out(const protocol::ReplyError& error, Effects& effects);
  bool is_last(Run& run, const protocol::SyncedPage& page, Effects& effects) const;
  [[nodiscard]] bool is_recent(const Progress::Done& done, const ModelSchema& model, Instant now) const;
  void go_on(Run& run, const Progress::Resume& resume, Instant now) const;
  [[nodiscard]] Value filter_of(const Run& run) const;
  bool drops_filter(Run& run, const protocol::ReplyError& error, Effects& effects);
  Result<bool> apply(client::Transaction& transaction, Page& page, Applied& applied);
  Result<bool> sweep(client::Transaction& transaction, Page& page, Applied& applied) const;
  [[nodiscard]] static bool has_seen_all(const Run& run);
  Result<bool> may_hold_strangers(client::Transaction& transaction, Run& run) const;
  Result<void> begin_sweep(Page& page) const;
  Result<void> note(client::Transaction& transaction, const Page& page);
  void report(const Page& page, Effects& effects);

  const Ports ports_;
  Backoff backoff_;
  std::vector<std::unique_ptr<Run>> runs_;   // Pages and queue point to them.
  std::deque<Run*> queue_;          ///< Still to be fetched; pages are asked for the first.
  std::set<const ModelSchema*> broken_;      ///< Left out by the last run: they get one try.
  Outsiders outsiders_;
  /// The service's time of the base syncs on this connection, of models that are not kept whole.
  std::map<const ModelSchema*, std::int64_t> based_at_;
  std::set<const ModelSchema*> unfiltered_;  ///< The service refused their filter.
  std::size_t models_done_ = 0;
  std::size_t models_total_ = 0;
  std::deque<Page> pages_;          ///< Received, not yet applied; at most two.
  ExchangeId in_flight_ = 0;        ///< 0: none.
  std::optional<Tick> retry_at_;
  bool is_running_ = false;
  bool has_left_out_ = false;
};

}  // namespace holdfast::sync
