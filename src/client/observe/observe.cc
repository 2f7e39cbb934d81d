#include "client/observe/observe.h"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>

namespace holdfast::observe {
namespace {

/// Tasks for the executor run at most this many items, so that a long queue does not starve whatever else the
/// application runs there.
constexpr std::size_t task_items_max = 256;

using ThreadId = decltype(std::this_thread::get_id());
using ObserverId = std::uint64_t;

/// A live query has something new to show. What that is is asked when its turn comes, so that a burst is one snapshot.
struct SnapshotDue {
  QueryId query = 0;
};
/// A change, and which of the observers whose predicates go through relations it is for, in order: found out when it
/// was committed, since the related records may be others when it is delivered.
struct ChangeItem {
  RecordChange change;
  std::vector<ObserverId> related = {};
};
using Item = std::variant<ChangeItem, SyncEvent, SnapshotDue, std::function<void()>>;

struct RecordObserver {
  const ModelSchema* model = nullptr;
  // Shared with a commit that evaluates it while the observer may be cancelled.
  std::shared_ptr<const Predicate> where;
  bool is_through_relations = false;
  std::function<void(const RecordChange&)> callback;
};

struct EventListener {
  std::function<void(const SyncEvent&)> callback;
};

struct QueryObserver {
  std::function<void(const Rows&, bool is_synced)> callback;
};

struct Observer {
  std::uint64_t first_item = 0;  ///< The number of the first item that is for it.
  std::variant<RecordObserver, EventListener> what;
};

bool is_of(const RecordObserver& observer, const ModelSchema& model) { return observer.model->name == model.name; }

bool is_for(const Observer& observer, ObserverId id, const Item& item) {
  if (std::holds_alternative<EventListener>(observer.what)) return std::holds_alternative<SyncEvent>(item);
  const auto* records = std::get_if<RecordObserver>(&observer.what);
  const auto* changed = std::get_if<ChangeItem>(&item);
  if (!records || !changed || !is_of(*records, *changed->change.record.model)) return false;
  if (!records->is_through_relations) return evaluate(*records->where, changed->change.record, TimeOrder::by_instant);
  return std::binary_search(changed->related.begin(), changed->related.end(), id);
}

/// The item is for the observer. A callback that throws ends the program here, with its message, before it can leave
/// the queue half run.
void give(const Observer& observer, const Item& item) noexcept {
  if (const auto* listener = std::get_if<EventListener>(&observer.what)) {
    return listener->callback(std::get<SyncEvent>(item));
  }
  std::get<RecordObserver>(observer.what).callback(std::get<ChangeItem>(item).change);
}

void give(const QueryObserver& observer, const LiveQueries::Shown& shown) noexcept {
  observer.callback(shown.rows, shown.is_synced);
}

void call(const std::function<void()>& callback) noexcept { callback(); }

}  // namespace

/// What outlives the registry for the sake of its subscriptions and tasks. `mutex_` guards all below it and is never
/// held while the application's code runs, the destructors of its captures included.
class Observers::Inside : public std::enable_shared_from_this<Inside> {
 public:
  Inside(Delivery delivery, Executor executor, const StoreReads& reads)
      : live(reads), satisfies_(reads.satisfies), delivery_(delivery), executor_(std::move(executor)) {
    HOLDFAST_ASSERT(delivery_ != Delivery::on_executor || executor_, "Delivery::on_executor needs an executor");
  }

  Subscription add(std::variant<RecordObserver, EventListener> what);
  Subscription add_query(LiveQuery query, std::vector<LiveQueries::FirstRow> rows, QueryObserver observer);
  void queue(const LiveQueries::Due& due);
  void queue(std::vector<RecordChange> changes);
  void queue(SyncEvent event);
  void queue(std::function<void()> callback);
  void deliver();
  std::size_t poll();
  void settle();
  void close();

  LiveQueries live;  ///< Has a lock of its own, which is never taken together with `mutex_`.

 private:
  Subscription subscription(ObserverId id);
  void cancel(ObserverId id);
  bool is_observed(const ModelSchema& model) const;
  std::map<ObserverId, RecordObserver> through_relations();
  std::vector<ObserverId> satisfied_by(const RecordChange& change,
                                       const std::map<ObserverId, RecordObserver>& observers) const;
  bool has_listeners() const;
  std::size_t run(std::size_t items_max);
  std::size_t run_item(const Item& item, std::uint64_t number);
  bool run_snapshot(QueryId id);
  std::shared_ptr<const Observer> begin_call(ObserverId& id, const Item& item, std::uint64_t number);
  std::shared_ptr<const QueryObserver> begin_snapshot(QueryId id);
  void end_call();
  bool is_mine() const { return is_running_ && runner_ == std::this_thread::get_id(); }
  void hand_to_executor();
  void run_task();

  const std::function<bool(const Predicate&, const Record&)> satisfies_;
  const Delivery delivery_;
  const Executor executor_;

  std::mutex mutex_;
  std::condition_variable ended_;  ///< A callback, an item or the runner came to its end.
  // Shared: the runner keeps the observer that it calls alive when the callback cancels itself.
  std::map<ObserverId, std::shared_ptr<const Observer>> observers_;
  std::map<QueryId, std::shared_ptr<const QueryObserver>> queries_;  // Shared as above. Ids are of one sequence.
  ObserverId last_id_ = 0;
  std::deque<Item> items_;
  std::uint64_t taken_count_ = 0;  ///< Items ever taken off the queue: the number of its front.
  std::uint64_t done_count_ = 0;   ///< Items whose callbacks have all returned; taken_count_ or one less.
  bool is_closed_ = false;

  bool is_running_ = false;  ///< A thread runs callbacks: `runner_`.
  ThreadId runner_;
  ObserverId called_ = 0;  ///< Whose callback runs now; 0: nobody's.

  bool is_task_waiting_ = false;  ///< The executor holds a task of ours that has not begun.
  bool is_handing_over_ = false;  ///< A thread is inside hand_to_executor, and will look again.
};

Subscription Observers::Inside::add(std::variant<RecordObserver, EventListener> what) {
  const std::scoped_lock lock(mutex_);
  if (is_closed_) return {};
  const auto id = ++last_id_;
  observers_.emplace(id, std::make_shared<const Observer>(Observer{taken_count_ + items_.size(), std::move(what)}));
  return subscription(id);
}

Subscription Observers::Inside::add_query(LiveQuery query, std::vector<LiveQueries::FirstRow> rows,
                                          QueryObserver observer) {
  std::unique_lock lock(mutex_);
  if (is_closed_) return {};
  const auto id = ++last_id_;
  queries_.emplace(id, std::make_shared<const QueryObserver>(std::move(observer)));
  lock.unlock();
  live.add(id, std::move(query), std::move(rows));
  queue(LiveQueries::Due{.queries = {id}});
  return subscription(id);
}

Subscription Observers::Inside::subscription(ObserverId id) {
  return Subscription([weak = weak_from_this(), id] {
    if (const auto inside = weak.lock()) inside->cancel(id);
  });
}

void Observers::Inside::cancel(ObserverId id) {
  std::unique_lock lock(mutex_);
  const auto removed = observers_.extract(id);
  const auto removed_query = queries_.extract(id);
  if (!is_mine()) ended_.wait(lock, [&] { return called_ != id; });
  lock.unlock();  // Before what was removed goes.
  if (!removed_query.empty()) live.remove(id);
}

bool Observers::Inside::is_observed(const ModelSchema& model) const {
  return std::any_of(observers_.begin(), observers_.end(), [&](const auto& entry) {
    const auto* records = std::get_if<RecordObserver>(&entry.second->what);
    return records && is_of(*records, model);
  });
}

bool Observers::Inside::has_listeners() const {
  return std::any_of(observers_.begin(), observers_.end(),
                     [](const auto& entry) { return std::holds_alternative<EventListener>(entry.second->what); });
}

void Observers::Inside::queue(const LiveQueries::Due& due) {
  const std::scoped_lock lock(mutex_);
  for (const auto query : due.queries) {
    if (queries_.contains(query)) items_.emplace_back(SnapshotDue{query});
  }
}

void Observers::Inside::queue(std::vector<RecordChange> changes) {
  std::vector<ChangeItem> items;
  const auto observers = through_relations();
  for (auto& change : changes) {
    auto related = satisfied_by(change, observers);
    items.push_back({std::move(change), std::move(related)});
  }
  const std::scoped_lock lock(mutex_);
  for (auto& item : items) {
    if (is_observed(*item.change.record.model)) items_.emplace_back(std::move(item));
  }
}

/// Without their callbacks, which go when they are cancelled.
std::map<ObserverId, RecordObserver> Observers::Inside::through_relations() {
  const std::scoped_lock lock(mutex_);
  std::map<ObserverId, RecordObserver> found;
  for (const auto& [id, observer] : observers_) {
    const auto* records = std::get_if<RecordObserver>(&observer->what);
    if (!records || !records->is_through_relations) continue;
    found.emplace(id, RecordObserver{.model = records->model, .where = records->where, .callback = {}});
  }
  return found;
}

std::vector<ObserverId> Observers::Inside::satisfied_by(const RecordChange& change,
                                                        const std::map<ObserverId, RecordObserver>& observers) const {
  std::vector<ObserverId> ids;
  for (const auto& [id, observer] : observers) {
    if (is_of(observer, *change.record.model) && satisfies_(*observer.where, change.record)) ids.push_back(id);
  }
  return ids;
}

void Observers::Inside::queue(SyncEvent event) {
  const std::scoped_lock lock(mutex_);
  if (has_listeners()) items_.emplace_back(std::move(event));
}

void Observers::Inside::queue(std::function<void()> callback) {
  const std::scoped_lock lock(mutex_);
  if (!is_closed_) items_.emplace_back(std::move(callback));
}

void Observers::Inside::deliver() {
  switch (delivery_) {
    case Delivery::inline_calls: run(std::numeric_limits<std::size_t>::max()); break;
    case Delivery::on_executor: hand_to_executor(); break;
    case Delivery::by_poll: break;
  }
}

std::size_t Observers::Inside::poll() {
  if (delivery_ != Delivery::by_poll) return 0;
  std::unique_lock lock(mutex_);
  const auto waiting = items_.size();
  lock.unlock();
  return run(waiting);
}

/// Runs callbacks unless a thread does so already; returns how many.
std::size_t Observers::Inside::run(std::size_t items_max) {
  std::unique_lock lock(mutex_);
  if (is_running_) return 0;
  is_running_ = true;
  runner_ = std::this_thread::get_id();
  std::size_t calls = 0;
  for (std::size_t taken = 0; taken < items_max && !items_.empty(); ++taken) {
    const auto number = taken_count_++;
    std::optional<Item> item = std::move(items_.front());
    items_.pop_front();
    lock.unlock();
    calls += run_item(*item, number);
    item.reset();
    lock.lock();
    ++done_count_;
    ended_.notify_all();
  }
  is_running_ = false;
  ended_.notify_all();
  return calls;
}

std::size_t Observers::Inside::run_item(const Item& item, std::uint64_t number) {
  if (const auto* callback = std::get_if<std::function<void()>>(&item)) {
    call(*callback);
    return 1;
  }
  if (const auto* due = std::get_if<SnapshotDue>(&item)) return run_snapshot(due->query) ? 1 : 0;
  std::size_t calls = 0;
  ObserverId id = 0;
  while (auto observer = begin_call(id, item, number)) {
    give(*observer, item);
    ++calls;
    observer.reset();  // A cancelled callback's captures are gone when cancel() returns.
    end_call();
  }
  return calls;
}

/// The next observer after `id` that the item is for, marked as the one being called; null when there is none.
std::shared_ptr<const Observer> Observers::Inside::begin_call(ObserverId& id, const Item& item, std::uint64_t number) {
  const std::scoped_lock lock(mutex_);
  for (auto next = observers_.upper_bound(id); next != observers_.end(); ++next) {
    if (next->second->first_item > number || !is_for(*next->second, next->first, item)) continue;
    called_ = id = next->first;
    return next->second;
  }
  return nullptr;
}

bool Observers::Inside::run_snapshot(QueryId id) {
  // Before the callback counts as running: a cancel() must not wait for what is read.
  const auto shown = live.take(id);
  if (!shown) return false;
  auto observer = begin_snapshot(id);
  if (!observer) return false;
  give(*observer, *shown);
  observer.reset();  // As above.
  end_call();
  return true;
}

std::shared_ptr<const QueryObserver> Observers::Inside::begin_snapshot(QueryId id) {
  const std::scoped_lock lock(mutex_);
  const auto found = queries_.find(id);
  if (found == queries_.end()) return nullptr;
  called_ = id;
  return found->second;
}

void Observers::Inside::end_call() {
  const std::scoped_lock lock(mutex_);
  called_ = 0;
  ended_.notify_all();
}

/// Hands the executor one task at a time. An executor that runs it at once is looped over here, not recursed into.
void Observers::Inside::hand_to_executor() {
  std::unique_lock lock(mutex_);
  if (is_handing_over_) return;
  while (!items_.empty() && !is_task_waiting_ && !is_running_) {
    is_handing_over_ = is_task_waiting_ = true;
    lock.unlock();
    executor_([weak = weak_from_this()] {
      if (const auto inside = weak.lock()) inside->run_task();
    });
    lock.lock();
    is_handing_over_ = false;
  }
}

void Observers::Inside::run_task() {
  {
    const std::scoped_lock lock(mutex_);
    is_task_waiting_ = false;
  }
  run(task_items_max);
  hand_to_executor();
}

void Observers::Inside::settle() {
  std::unique_lock lock(mutex_);
  if (is_mine()) return;
  const auto queued_count = taken_count_ + items_.size();
  ended_.wait(lock, [&] { return !is_running_ || done_count_ >= queued_count; });
}

void Observers::Inside::close() {
  std::unique_lock lock(mutex_);
  is_closed_ = true;
  const auto observers = std::exchange(observers_, {});
  const auto queries = std::exchange(queries_, {});
  const auto items = std::exchange(items_, {});
  if (!is_mine()) ended_.wait(lock, [&] { return !is_running_; });
  lock.unlock();  // Before what was taken out goes.
}

// Calls go through a copy of the pointer: a callback may destroy the store, and this object with it.

Observers::Observers(Delivery delivery, Executor executor, const StoreReads& reads)
    : inside_(std::make_shared<Inside>(delivery, std::move(executor), reads)) {}

Observers::~Observers() { close(); }

Subscription Observers::add(const ModelSchema& model, Predicate where,
                            std::function<void(const RecordChange&)> callback) {
  const bool is_through_relations = spans_relations(where);
  return inside_->add(RecordObserver{&model, std::make_shared<const Predicate>(std::move(where)), is_through_relations,
                                     std::move(callback)});
}

Subscription Observers::add_query(LiveQuery query, std::vector<LiveQueries::FirstRow> rows,
                                  std::function<void(const Rows&, bool is_synced)> callback) {
  return inside_->add_query(std::move(query), std::move(rows), QueryObserver{std::move(callback)});
}

Subscription Observers::add_listener(std::function<void(const SyncEvent&)> callback) {
  return inside_->add(EventListener{std::move(callback)});
}

std::optional<Tick> Observers::refresh(const std::vector<RecordChange>& changes, Tick now) {
  const auto due = inside_->live.apply(changes, now);
  inside_->queue(due);
  return due.release_at;
}

void Observers::release(Tick now) { inside_->queue(inside_->live.release(now)); }
void Observers::clear_queries() { inside_->queue(inside_->live.clear()); }
void Observers::begin_sync() { inside_->queue(inside_->live.begin_sync()); }
void Observers::finish_sync(const std::string& model) { inside_->queue(inside_->live.finish_sync(model)); }
void Observers::end_sync() { inside_->queue(inside_->live.end_sync()); }

void Observers::queue(std::vector<RecordChange> changes) { inside_->queue(std::move(changes)); }
void Observers::queue(SyncEvent event) { inside_->queue(std::move(event)); }
void Observers::queue(std::function<void()> call) { inside_->queue(std::move(call)); }

void Observers::deliver() {
  const auto inside = inside_;
  inside->deliver();
}

std::size_t Observers::poll() {
  const auto inside = inside_;
  return inside->poll();
}

void Observers::settle() { inside_->settle(); }
void Observers::close() { inside_->close(); }

}  // namespace holdfast::observe
