#include "client/device.h"

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "client/effect_queue.h"
#include "client/observe/observe.h"
#include "client/observe/span.h"
#include "client/open_transaction.h"
#include "client/outbox/net_changes.h"
#include "client/storage/related_keys.h"
#include "client/sync/engine.h"
#include "client/turn_lock.h"

namespace holdfast {
namespace {

/// How often the device looks whether another process has changed its database, or has left the turn to sync.
constexpr Milliseconds look_interval{100};

/// The parts of DevicePorts that the inside uses but does not own.
struct Surroundings {
  Clock& clock;
  Random& random;
  Transport* transport = nullptr;
  Log& log;
};

/// The key alone: all that is left to say of a row that is gone.
Record record_of(const ModelSchema& model, const Key& key) {
  Record record(model);
  for (std::size_t part = 0; part < key.parts.size(); ++part) record[model.primary_key[part]] = key.parts[part];
  return record;
}

Error inside_transaction() {
  return {Code::invalid_argument,
          "the store was called inside a transaction or conflict handler of this thread: use the transaction's handle, or"
          " call it afterwards"};
}

}  // namespace

/// Guarded by `mutex_`: the engine, its generation, and the order in which commits reach the two queues. Callbacks of
/// clock and transport name the generation they belong to: those of an engine that was stopped find another one.
class Device::Inside : public std::enable_shared_from_this<Inside> {
 public:
  Inside(const Schema& schema, std::unique_ptr<client::Storage> storage, Surroundings around, StoreOptions options)
      : schema_(schema),
        storage_(std::move(storage)),
        around_(around),
        neighbours_(storage_->neighbours()),
        observers_(options.delivery, std::move(options.executor), reads()) {}

  [[nodiscard]] client::Storage& storage() const noexcept { return *storage_; }
  [[nodiscard]] observe::Observers& observers() noexcept { return observers_; }

  Result<void> query(const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink) const;
  Result<void> write(const std::function<Result<void>(OpenTransaction&)>& body);
  Result<Subscription> observe_query(const ModelSchema& model, observe::LiveQueryOptions options,
                                     std::function<void(const Rows&, bool)> callback);
  Result<void> start(SyncOptions options);
  void stop();
  Result<void> clear();
  void set_online(bool is_online);
  std::size_t poll();
  void close();
  void watch_neighbours();

 private:
  using Generation = std::uint64_t;
  /// What the device's own engine has to know of what other processes did.
  struct Told {
    bool is_cleared = false;
    std::vector<outbox::RecordName> changed = {};
    std::vector<outbox::RecordName> queued = {};   ///< By an application: the outbox has got entries.
  };

  void deliver(Generation generation, sync::Event event);
  void step(sync::Event event);
  void take(sync::Effect& effect);
  void refresh(const std::vector<RecordChange>& changes);
  void release_snapshots();
  [[nodiscard]] observe::StoreReads reads() const;
  void log_unread(const Error& error) const;
  void begin_engine();
  void end_engine();
  void look_around();
  Told tell_news();
  void act_on(Told told);
  void tell_every_row();
  void tell_again(const std::vector<outbox::RecordName>& records);
  void flush();
  [[nodiscard]] sync::Time now() { return {around_.clock.ticks(), around_.clock.wall()}; }
  [[nodiscard]] std::function<void(sync::Event)> door(Generation generation);

  void push_exchange(sync::effect::Exchange exchange);
  void push_open(sync::effect::OpenSocket open);
  void push_wake(Tick at, sync::Event event);

  const Schema& schema_;
  const std::unique_ptr<client::Storage> storage_;
  const Surroundings around_;
  client::Neighbours* const neighbours_;       ///< The storage's; null when no other process can have it open.
  observe::Observers observers_;
  EffectQueue network_;
  std::map<sync::SocketId, std::unique_ptr<Socket>> sockets_;   ///< Touched by the tasks of `network_` only.

  TurnLock mutex_;
  std::optional<SyncOptions> sync_options_;    ///< Null: not started.
  std::unique_ptr<sync::Engine> engine_;       ///< Null: not syncing; perhaps another process does.
  Generation generation_ = 0;
  std::function<void(const SyncError&)> on_error_;
  bool is_online_ = true;
  std::atomic<bool> is_waiting_for_turn_ = false;
  std::atomic<bool> is_closed_ = false;
};

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
      OpenTransaction open(schema_, around_.random, transaction);
      HOLDFAST_TRY(done, body(open));
      written = open.take_written();
      return open.outcome();
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

Result<void> Device::Inside::start(SyncOptions options) {
  if (mutex_.is_mine()) return inside_transaction();
  HOLDFAST_TRY(checked, sync::check(options));
  if (!around_.transport) return Error{Code::unsupported, "the store was opened without a network"};
  {
    const std::lock_guard lock(mutex_);
    if (sync_options_) return {};
    on_error_ = options.on_error;
    sync_options_ = std::move(options);
    begin_engine();
  }
  flush();
  return {};
}

/// Under the lock. Of all processes on the database one syncs; the others wait until it stops, or dies.
void Device::Inside::begin_engine() {
  is_waiting_for_turn_ = neighbours_ && !neighbours_->try_turn();
  if (is_waiting_for_turn_) return;
  engine_ = std::make_unique<sync::Engine>(schema_, *storage_, around_.random, around_.log, *sync_options_);
  observers_.begin_sync();
  step(sync::event::Online{is_online_});
  step(sync::event::Start{});
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

void Device::Inside::take(sync::Effect& effect) {
  namespace effects = sync::effect;
  if (auto* exchange = std::get_if<effects::Exchange>(&effect)) {
    push_exchange(std::move(*exchange));
  } else if (auto* open = std::get_if<effects::OpenSocket>(&effect)) {
    push_open(std::move(*open));
  } else if (auto* send = std::get_if<effects::SendFrame>(&effect)) {
    network_.push([this, id = send->id, frame = std::move(send->frame)] {
      if (const auto socket = sockets_.find(id); socket != sockets_.end()) socket->second->send(frame);
    });
  } else if (const auto* shut = std::get_if<effects::CloseSocket>(&effect)) {
    network_.push([this, id = shut->id] { sockets_.erase(id); });
  } else if (const auto* wake = std::get_if<effects::WakeAt>(&effect)) {
    push_wake(wake->at, sync::event::Wake{});
  } else if (std::holds_alternative<effects::Continue>(effect)) {
    // On the clock's thread, so that a thread that only saves is never kept to apply pages.
    push_wake(around_.clock.ticks(), sync::event::PageReady{});
  } else if (auto* changed = std::get_if<effects::Changed>(&effect)) {
    refresh(changed->changes);
    observers_.queue(std::move(changed->changes));
  } else if (auto* report = std::get_if<effects::Report>(&effect)) {
    if (const auto* synced = std::get_if<ModelSynced>(&report->what)) observers_.finish_sync(synced->model);
    observers_.queue(std::move(report->what));
  } else if (auto* failed = std::get_if<effects::Failed>(&effect); failed && on_error_) {
    observers_.queue([on_error = on_error_, what = std::move(failed->what)] { on_error(what); });
  }
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

// --- other processes -----------------------------------------------------------------------------------------

void Device::Inside::watch_neighbours() {
  if (!neighbours_ || is_closed_) return;
  around_.clock.wake_at(around_.clock.ticks() + look_interval, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->look_around();
  });
}

void Device::Inside::look_around() {
  if (is_closed_) return;
  if (neighbours_->has_moved() || is_waiting_for_turn_) {
    {
      const std::lock_guard lock(mutex_);
      neighbours_->look().ignore("what cannot be read now is looked for again");
      act_on(tell_news());
      if (sync_options_ && !engine_) begin_engine();
    }
    flush();
  }
  watch_neighbours();
}

/// Under the lock: what others have committed reaches observers and live queries, as it was committed.
Device::Inside::Told Device::Inside::tell_news() {
  if (!neighbours_) return {};
  auto news = neighbours_->take_news();
  if (news.is_empty()) return {};
  Told told{.is_cleared = news.is_cleared};
  for (const auto& change : news.changes) {
    told.changed.push_back({change.record.model, change.record.key()});
    if (change.origin == Origin::local) told.queued.push_back(told.changed.back());
  }
  if (news.is_cleared) observers_.clear_queries();
  if (news.is_incomplete) {
    tell_every_row();
  } else {
    refresh(news.changes);
  }
  observers_.queue(std::move(news.changes));
  return told;
}

/// Under the lock, at the end of a step.
void Device::Inside::act_on(Told told) {
  if (!engine_) return;
  if (told.is_cleared) {
    // Its state was cleared with the rows: it begins anew.
    end_engine();
    return begin_engine();
  }
  if (!told.queued.empty()) step(sync::event::Saved{std::move(told.queued)});
}

/// The live queries anew; observers are not told what cannot be known.
void Device::Inside::tell_every_row() {
  observers_.clear_queries();
  for (const auto& model : schema_.models) {
    std::vector<RecordChange> rows;
    const auto read = storage_->query(model, {}, [&rows](Record& row) {
      rows.push_back({ChangeType::inserted, Origin::remote, row});
    });
    if (read) refresh(rows);
  }
}

/// The rows as they are now, for whom a change before may have been told last.
void Device::Inside::tell_again(const std::vector<outbox::RecordName>& records) {
  std::vector<RecordChange> changes;
  for (const auto& [model, key] : records) {
    auto stored = storage_->find(*model, key);
    if (!stored) continue;
    const auto type = stored->record ? ChangeType::updated : ChangeType::removed;
    changes.push_back({type, Origin::remote, stored->record ? std::move(*stored->record) : record_of(*model, key)});
  }
  refresh(changes);
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

/// What callbacks of clock and transport call; they may come after this object is gone.
std::function<void(sync::Event)> Device::Inside::door(Generation generation) {
  return [weak = weak_from_this(), generation](sync::Event event) {
    if (const auto self = weak.lock()) self->deliver(generation, std::move(event));
  };
}

void Device::Inside::push_exchange(sync::effect::Exchange exchange) {
  network_.push([this, deliver = door(generation_), exchange = std::move(exchange)] {
    around_.transport->exchange(exchange.request, exchange.timeout,
                                [deliver, id = exchange.id](Result<HttpResponse> response) {
                                  deliver(sync::event::Reply{id, std::move(response)});
                                });
  });
}

void Device::Inside::push_open(sync::effect::OpenSocket open) {
  network_.push([this, deliver = door(generation_), open = std::move(open)] {
    const auto id = open.id;
    SocketEvents events{
        .on_open = [deliver, id] { deliver(sync::event::SocketOpened{id}); },
        .on_frame = [deliver, id](std::string frame) { deliver(sync::event::SocketFrame{id, std::move(frame)}); },
        .on_close = [deliver, id](Error reason) { deliver(sync::event::SocketClosed{id, std::move(reason)}); }};
    sockets_[id] = around_.transport->open_socket(open.request, std::move(events));
  });
}

void Device::Inside::push_wake(Tick at, sync::Event event) {
  network_.push([this, deliver = door(generation_), at, event = std::move(event)] {
    around_.clock.wake_at(at, [deliver, event] { deliver(event); });
  });
}

// --- the doors -----------------------------------------------------------------------------------------------

Device::Device(const Schema& schema, DevicePorts ports, StoreOptions options)
    : schema_(schema),
      clock_(std::move(ports.clock)),
      random_(std::move(ports.random)),
      transport_(std::move(ports.transport)),
      log_(std::move(ports.log)),
      inside_(std::make_shared<Inside>(schema, std::move(ports.storage),
                                       Surroundings{*clock_, *random_, transport_.get(), *log_}, std::move(options))) {
  inside_->watch_neighbours();
}

Device::~Device() { inside_->close(); }

Result<Record> Device::save(Record record, const Patch* changes, const Predicate& condition) {
  std::optional<Record> saved;
  HOLDFAST_TRY(written, inside_->write([&](OpenTransaction& open) -> Result<void> {
    HOLDFAST_TRY(row, open.save(std::move(record), changes, condition));
    saved = std::move(row);
    return {};
  }));
  return std::move(*saved);
}

Result<std::optional<Record>> Device::find(const ModelSchema& model, const Key& key) const {
  HOLDFAST_TRY(checked, check_key(schema_, model, key));
  HOLDFAST_TRY(stored, inside_->storage().find(model, key));
  return std::move(stored.record);
}

Result<void> Device::query(const ModelSchema& model, const Query& query,
                           const std::function<void(Record&)>& sink) const {
  return inside_->query(model, query, sink);
}

RowReader Device::row_reader() const {
  return [weak = std::weak_ptr(inside_)](const ModelSchema& model, const Query& query,
                                         const std::function<void(Record&)>& sink) -> Result<void> {
    const auto inside = weak.lock();
    if (!inside) return Error{Code::closed, "the store was destroyed: read what a relation leads to before that"};
    return inside->query(model, query, sink);
  };
}

Result<std::size_t> Device::count(const ModelSchema& model, const Predicate& where) const {
  HOLDFAST_TRY(known, check_model(schema_, model));
  HOLDFAST_TRY(checked, check(where, model, schema_));
  return inside_->storage().count(model, where);
}

Result<std::vector<std::string>> Device::explain(const ModelSchema& model, const Query& query) const {
  HOLDFAST_TRY(known, check_model(schema_, model));
  HOLDFAST_TRY(checked, check(query, model, schema_));
  return inside_->storage().explain(model, query);
}

Result<bool> Device::remove(const Record& record, const Predicate& condition) {
  bool was_there = false;
  HOLDFAST_TRY(written, inside_->write([&](OpenTransaction& open) -> Result<void> {
    HOLDFAST_TRY(removed, open.remove(record, condition));
    was_there = removed;
    return {};
  }));
  return was_there;
}

Result<std::size_t> Device::remove_where(const ModelSchema& model, const Predicate& where) {
  std::size_t count = 0;
  HOLDFAST_TRY(written, inside_->write([&](OpenTransaction& open) -> Result<void> {
    HOLDFAST_TRY(removed, open.remove_where(model, where));
    count = removed;
    return {};
  }));
  return count;
}

Result<void> Device::transaction(const std::function<Result<void>(Transaction&)>& body) {
  return inside_->write([&body](OpenTransaction& open) {
    Transaction handle(open);
    return body(handle);
  });
}

Subscription Device::observe(const ModelSchema& model, Predicate where,
                             std::function<void(const RecordChange&)> callback) {
  HOLDFAST_ASSERT(check_model(schema_, model).has_value(), "observe a model of the store's own schema");
  HOLDFAST_ASSERT(check(where, model, schema_).has_value(), "the condition of an observer must fit its model");
  return inside_->observers().add(model, std::move(where), std::move(callback));
}

Result<Subscription> Device::observe_query(const ModelSchema& model, const Query& query, RowForm form,
                                           std::function<void(const Rows&, bool)> callback) {
  HOLDFAST_TRY(known, check_model(schema_, model));
  HOLDFAST_TRY(checked, check(query, model, schema_));
  auto span = observe::span_of(query.where, model, schema_);
  return inside_->observe_query(model, {.query = query, .form = form, .span = std::move(span)}, std::move(callback));
}

Subscription Device::on_event(std::function<void(const SyncEvent&)> callback) {
  return inside_->observers().add_listener(std::move(callback));
}

Result<void> Device::start(SyncOptions options) { return inside_->start(std::move(options)); }
void Device::stop() { inside_->stop(); }
Result<void> Device::clear() { return inside_->clear(); }
void Device::set_online(bool is_online) { inside_->set_online(is_online); }
std::size_t Device::poll() { return inside_->poll(); }
Result<std::size_t> Device::pending_count() const { return inside_->storage().outbox_size(); }

Result<Metadata> Device::metadata(const ModelSchema& model, const Key& key) const {
  HOLDFAST_TRY(checked, check_key(schema_, model, key));
  HOLDFAST_TRY(stored, inside_->storage().find(model, key));
  return stored.metadata;
}

}  // namespace holdfast
