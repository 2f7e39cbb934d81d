// Observers of one device: who listens to which changes and results, and the one queue through which every callback
// leaves.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/observe/live_queries.h"
#include "holdfast/datastore.h"
#include "holdfast/observe.h"
#include "holdfast/predicate.h"
#include "holdfast/sync.h"

namespace holdfast::observe {

/// The registry of a device's observers and event listeners, and the queue that feeds them.
///
/// Two steps, so that delivery order is commit order and no callback runs under the device's lock: `queue` what was
/// committed while the lock is held, `deliver` after it was released. One thread at a time runs callbacks; what is
/// queued meanwhile, also by a callback itself, is run by that thread in turn and never by recursion.
///
/// An observer receives what was queued after it was added. Invariant: at most one callback runs at any time, and it
/// belongs to a subscription that is not cancelled or whose cancel() waits for it.
/// The queue is as long as what the application has not let run yet: with Delivery::by_poll it must poll.
/// Thread-safe.
class Observers {
 public:
  /// `executor` is needed for Delivery::on_executor (asserted) and unused otherwise; `reads` for live queries and for
  /// predicates through relations.
  explicit Observers(Delivery delivery, Executor executor = {}, const StoreReads& reads = {});
  /// close().
  ~Observers();
  Observers(const Observers&) = delete;
  Observers& operator=(const Observers&) = delete;

  /// `where` has passed `check` for the model. The subscription may outlive this object.
  [[nodiscard]] Subscription add(const ModelSchema& model, Predicate where,
                                 std::function<void(const RecordChange&)> callback);
  [[nodiscard]] Subscription add_listener(std::function<void(const SyncEvent&)> callback);

  /// Called with what the query shows, first with these rows (LiveQueries::add). Under the device's lock, with rows that
  /// were read under it: so no change is missed or taken twice. What is due before a snapshot is delivered is part of it.
  [[nodiscard]] Subscription add_query(LiveQuery query, std::vector<LiveQueries::FirstRow> rows,
                                       std::function<void(const Rows&, bool is_synced)> callback);

  // Live queries, as in LiveQueries; the queries that become due are queued. The time is when to call release().
  std::optional<Tick> refresh(const std::vector<RecordChange>& changes, Tick now);
  void release(Tick now);
  void clear_queries();
  void begin_sync();
  void finish_sync(const std::string& model);
  void end_sync();

  /// Appends; runs nothing. Changes that nobody observes are dropped here. Under the device's lock: a predicate through
  /// relations is evaluated now, against the commit that made the changes.
  void queue(std::vector<RecordChange> changes);
  void queue(SyncEvent event);
  /// A callback without a subscription (`SyncOptions::on_error`), in order with the others.
  void queue(std::function<void()> call);

  /// To be called without the device's lock after every queue(). Inline: runs what waits, unless a thread does so
  /// already (that thread then runs ours too). On the executor: hands it a task. By poll: nothing.
  void deliver();
  /// Delivery::by_poll: runs what waited when it was called; returns how many callbacks ran. 0 inside a callback.
  std::size_t poll();

  /// Waits until no callback queued before this call is running on another thread. Returns at once inside a callback.
  void settle();
  /// Ends every subscription, drops what waits, and waits for a callback running on another thread. Idempotent.
  void close();

 private:
  class Inside;
  // Shared with subscriptions and executor tasks, which hold it weakly and may outlive this object.
  std::shared_ptr<Inside> inside_;
};

}  // namespace holdfast::observe
