#include "client/device_inside.h"

#include <mutex>
#include <string>
#include <utility>

#include "client/auth/user.h"
#include "client/outbox/net_changes.h"
#include "client/storage/related_keys.h"

namespace holdfast {

Error inside_transaction() {
  return {
      Code::invalid_argument,
      "the store was called inside a transaction or conflict handler of this thread: use the transaction's handle, or"
      " call it afterwards"};
}

Result<void> Device::Inside::query(const ModelSchema& model, const Query& query,
                                   const std::function<void(Record&)>& sink) const {
  HOLDFAST_TRY(known, check_model(schema_, model));
  HOLDFAST_TRY(checked, check(query, model, schema_));
  return storage_->query(model, query, sink);
}

/// One transaction of the application, told to the engine and to the observers in commit order.
Result<void> Device::Inside::write(const std::function<Result<void>(OpenTransaction&)>& body) {
  if (mutex_.is_mine()) return inside_transaction();
  {
    const std::lock_guard lock(mutex_);
    outbox::Written written;
    HOLDFAST_TRY(committed, storage_->write([&](client::Transaction& transaction) -> Result<void> {
      OpenTransaction open(schema_, around_.random, transaction, requires_parents_);
      HOLDFAST_TRY(done, body(open));
      written = open.take_written();
      HOLDFAST_TRY(sound, open.outcome());
      return check_outbox(transaction, written);
    }));
    auto told = tell_news();  // What this transaction built on.
    auto queued = std::move(written.queued);
    refresh(written.changes);
    observers_.queue(outbox::net_changes(std::move(written)));
    if (engine_) step(sync::event::Saved{std::move(queued)});
    act_on(std::move(told));
  }
  flush();
  return {};
}

/// Every entry takes an id of its own, so that the length is looked at once in a long while.
Result<void> Device::Inside::check_outbox(client::Transaction& transaction, const outbox::Written& written) {
  if (written.last_entry <= fits_until_) return {};
  HOLDFAST_TRY(size, transaction.outbox_size());
  if (size > outbox_max_) {
    return Error{Code::limit_exceeded, "the outbox would hold " + std::to_string(size) + " unsent changes, more than " +
                                           "StoreOptions::outbox_max allows; sync them first, or raise it"};
  }
  fits_until_ = written.last_entry + static_cast<std::int64_t>(outbox_max_ - size);
  return {};
}

bool Device::Inside::has_under_way(const ModelSchema& model, const Key& key) {
  if (mutex_.is_mine()) return false;
  const std::lock_guard lock(mutex_);
  return engine_ && engine_->has_under_way(model, key);
}

Result<void> Device::Inside::start(SyncOptions options) {
  if (mutex_.is_mine()) return inside_transaction();
  HOLDFAST_TRY(checked, sync::check(options));
  if (!around_.transport) return Error{Code::unsupported, "the store was opened without a network"};
  Generation round = 0;
  const auto expressions = options.expressions;
  {
    const std::lock_guard lock(mutex_);
    if (sync_options_) return {};
    HOLDFAST_TRY(trusted, around_.transport->trust(options.ca_file));
    HOLDFAST_TRY(theirs, auth::begin_as(*storage_, schema_, options.user));
    on_error_ = options.on_error;
    sync_options_ = std::move(options);
    round = ++round_;
  }
  ask(round, expressions);
  return {};
}

/// Under the lock. Of all processes on the database one syncs; the others wait until it stops, or dies.
void Device::Inside::begin_engine() {
  is_waiting_for_turn_ = neighbours_ && !neighbours_->try_turn();
  if (is_waiting_for_turn_) return;
  auto engine = std::make_unique<sync::Engine>(schema_, *storage_, around_.random, around_.log,
                                               sync::Engine::Setup{*sync_options_, *selection_});
  engine_ = auth::with_credentials(std::move(engine), schema_, *sync_options_);
  observers_.begin_sync();
  step(sync::event::Online{is_online_});
  step(sync::event::Start{});
  if (const auto wanted = std::exchange(verify_, std::nullopt)) step(*wanted);
}

/// Under the lock.
void Device::Inside::end_engine() {
  if (engine_) step(sync::event::Stop{});
  engine_.reset();
  observers_.end_sync();
  ++generation_;
}

void Device::Inside::stop() {
  HOLDFAST_ASSERT(!mutex_.is_mine(), "stop() inside a transaction would wait for it: call it afterwards");
  {
    const std::lock_guard lock(mutex_);
    sync_options_.reset();
    selection_.reset();
    verify_.reset();
    ++round_;
    is_waiting_for_turn_ = false;
    end_engine();
    // Requests that are still under way carry names: whoever sends the same entries again writes nothing twice.
    if (neighbours_) neighbours_->end_turn();
  }
  flush();
  network_.settle();
  observers_.settle();
}

Result<void> Device::Inside::clear() {
  if (mutex_.is_mine()) return inside_transaction();
  stop();
  {
    const std::lock_guard lock(mutex_);
    HOLDFAST_TRY(cleared, storage_->clear());
    tell_news();
    observers_.clear_queries();
  }
  flush();
  return {};
}

void Device::Inside::set_online(bool is_online) {
  HOLDFAST_ASSERT(!mutex_.is_mine(), "set_online() inside a transaction would wait for it: call it afterwards");
  {
    const std::lock_guard lock(mutex_);
    is_online_ = is_online;
    if (engine_) step(sync::event::Online{is_online});
  }
  flush();
}

// Callbacks run without the lock.
std::size_t Device::Inside::poll() { return mutex_.is_mine() ? 0 : observers_.poll(); }

void Device::Inside::close() {
  is_closed_ = true;
  stop();
  network_.close();
  observers_.close();
  sockets_.clear();
}

void Device::Inside::deliver(Generation generation, sync::Event event) {
  {
    const std::lock_guard lock(mutex_);
    if (!engine_ || generation != generation_) return;
    step(std::move(event));
  }
  flush();
}

/// Under the lock: the queues receive what is to be done in the order of the steps.
void Device::Inside::step(sync::Event event) {
  auto effects = engine_->step(now(), std::move(event));
  auto told = tell_news();
  bool has_changed = false;
  for (auto& effect : effects) {
    has_changed = has_changed || std::holds_alternative<sync::effect::Changed>(effect);
    take(effect);
  }
  // A step of several transactions: which of them the news came between is not known here.
  if (has_changed) tell_again(told.changed);
  act_on(std::move(told));
}

/// Under the lock: what one commit changed, for the live queries.
void Device::Inside::refresh(const std::vector<RecordChange>& changes) {
  const auto release_at = observers_.refresh(changes, around_.clock.ticks());
  if (!release_at) return;
  network_.push([this, at = *release_at] {
    around_.clock.wake_at(at, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->release_snapshots();
    });
  });
}

void Device::Inside::release_snapshots() {
  observers_.release(around_.clock.ticks());
  flush();
}

/// What observers ask of the storage. What cannot be read is logged and not told: the next change asks again.
observe::StoreReads Device::Inside::reads() const {
  return {.place_of = [this](const ModelSchema& model, const Key& key) {
            const auto stored = storage_->find(model, key);
            return stored && stored->record ? std::optional(stored->place) : std::nullopt;
          },
          .rows = [this](const ModelSchema& model, const Query& query,
                         const std::function<void(Record&, client::Place)>& sink) {
            auto read = storage_->query_placed(model, query, sink);
            if (!read) log_unread(read.error());
            return read;
          },
          .satisfies = [this](const Predicate& where, const Record& record) {
            const auto holds = client::satisfies(*storage_, schema_, where, record);
            if (!holds) log_unread(holds.error());
            return holds && *holds;
          }};
}

void Device::Inside::log_unread(const Error& error) const {
  around_.log.write(LogLevel::error, "observe", "unread", {{"code", std::string(name(error.code))}});
}

/// Rows are read and the query added under one lock: the commits before it are in the rows, those after it are applied.
Result<Subscription> Device::Inside::observe_query(const ModelSchema& model, observe::LiveQueryOptions options,
                                                   std::function<void(const Rows&, bool)> callback) {
  if (mutex_.is_mine()) return inside_transaction();
  Subscription subscription;
  {
    const std::lock_guard lock(mutex_);
    observe::LiveQuery query(model, std::move(options));
    std::vector<observe::LiveQueries::FirstRow> rows;
    HOLDFAST_TRY(read, storage_->query_placed(model, query.whole(), [&](Record& row, client::Place place) {
      auto key = row.key().text();
      Record taken(model);
      taken.values.swap(row.values);
      rows.push_back({std::move(key), query.row_of(std::move(taken), place, {})});
    }));
    subscription = observers_.add_query(std::move(query), std::move(rows), std::move(callback));
  }
  flush();
  return subscription;
}

void Device::Inside::flush() {
  network_.run();
  observers_.deliver();
}

}  // namespace holdfast
