// Hydrator: brings the device up to date by sync queries, model by model, page by page.
//
// Invariant 6: base sync and delta sync end in the same rows. A model's sync state moves in the transaction of its
// last page, so that an interrupted run is done again from its start; applying a page twice changes nothing.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "client/sync/backoff.h"
#include "client/sync/ports.h"
#include "protocol/replies.h"

namespace holdfast::sync {

/// Parents come before children. The next page is asked for before the present one is applied, so that network and
/// disk work at the same time; at most two pages are held. A page is one transaction.
/// A query that the service refuses is reported and its model left as it is; network failures are tried again.
/// Passive and not thread-safe.
class Hydrator {
 public:
  explicit Hydrator(const Ports& ports);

  /// Reads how far each model is and asks for the first page. Codes: the storage's.
  Result<void> start(Time now, Effects& effects);
  void cancel();

  [[nodiscard]] bool owns(ExchangeId id) const noexcept { return is_running_ && in_flight_ == id; }
  void on_reply(Time now, const Result<HttpResponse>& reply, Effects& effects);
  /// Applies one page that waits, if any. Codes: the storage's.
  Result<void> on_page_ready(Time now, Effects& effects);
  void on_wake(Time now, Effects& effects);

  [[nodiscard]] bool is_done() const noexcept;
  /// Some model could not be synced because the credentials were refused.
  [[nodiscard]] bool was_refused() const noexcept { return was_refused_; }
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
    bool was_restarted = false;
    bool completes_rows = false;             ///< A base sync after the model's fields changed.
    ModelSynced counts = {};
    [[nodiscard]] bool is_base() const noexcept { return last_sync == 0; }
  };
  struct Page {
    std::size_t run = 0;
    std::vector<client::SyncedRecord> items = {};
    bool is_last = false;
  };

  Result<void> plan(Time now);
  Result<Run> planned(client::Transaction& transaction, const ModelSchema& model, Time now) const;
  void request_next(Effects& effects);
  void take(protocol::SyncedPage page, Effects& effects);
  void on_failure(Time now, const protocol::ReplyError& error, Effects& effects);
  bool is_last(const Run& run, const protocol::SyncedPage& page, Effects& effects) const;
  Result<void> finish(client::Transaction& transaction, const Run& run) const;

  const Ports ports_;
  Backoff backoff_;
  std::vector<Run> runs_;
  std::size_t fetching_ = 0;        ///< The run that pages are asked for.
  std::deque<Page> pages_;          ///< Received, not yet applied; at most two.
  ExchangeId in_flight_ = 0;        ///< 0: none.
  std::optional<Tick> retry_at_;
  bool is_running_ = false;
  bool was_refused_ = false;
};

}  // namespace holdfast::sync
