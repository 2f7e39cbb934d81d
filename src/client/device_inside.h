// Device::Inside: what a device does behind its lock. Private to the room.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "client/auth/signed_engine.h"
#include "client/device.h"
#include "client/effect_queue.h"
#include "client/observe/observe.h"
#include "client/open_transaction.h"
#include "client/outbox/outbox.h"
#include "client/sync/engine.h"
#include "client/turn_lock.h"

namespace holdfast {

/// The refusal of a call that would wait for the transaction that it is made in.
Error inside_transaction();

/// The parts of DevicePorts that the inside uses but does not own.
struct Surroundings {
  Clock& clock;
  Random& random;
  Transport* transport = nullptr;
  Log& log;
};

/// Guarded by `mutex_`: the engine, its generation, and the order in which commits reach the two queues. Callbacks of
/// clock and transport name the generation they belong to: those of an engine that was stopped find another one.
class Device::Inside : public std::enable_shared_from_this<Inside> {
 public:
  Inside(const Schema& schema, std::unique_ptr<client::Storage> storage, Surroundings around, StoreOptions options)
      : schema_(schema),
        storage_(std::move(storage)),
        around_(around),
        neighbours_(storage_->neighbours()),
        requires_parents_(options.requires_parents),
        outbox_max_(options.outbox_max),
        fits_until_(static_cast<std::int64_t>(std::min<std::size_t>(options.outbox_max, INT64_MAX))),
        observers_(options.delivery, std::move(options.executor), reads()) {}

  [[nodiscard]] client::Storage& storage() const noexcept { return *storage_; }
  [[nodiscard]] observe::Observers& observers() noexcept { return observers_; }

  Result<void> query(const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink) const;
  Result<void> write(const std::function<Result<void>(OpenTransaction&)>& body);
  Result<Subscription> observe_query(const ModelSchema& model, observe::LiveQueryOptions options,
                                     std::function<void(const Rows&, bool)> callback);
  Result<void> start(SyncOptions options);
  Result<void> reselect();
  Result<void> verify();
  void stop();
  Result<void> clear();
  void set_online(bool is_online);
  std::size_t poll();
  void close();
  void watch_neighbours();
  [[nodiscard]] bool has_under_way(const ModelSchema& model, const Key& key);

 private:
  using Generation = std::uint64_t;
  /// What the device's own engine has to know of what other processes did.
  struct Told {
    bool is_cleared = false;
    std::vector<outbox::RecordName> changed = {};
    std::vector<outbox::RecordName> queued = {};   ///< By an application: the outbox has got entries.
  };

  Result<void> check_outbox(client::Transaction& transaction, const outbox::Written& written);
  void deliver(Generation generation, sync::Event event);
  void step(sync::Event event);
  void take(sync::Effect& effect);
  void refresh(const std::vector<RecordChange>& changes);
  void release_snapshots();
  [[nodiscard]] observe::StoreReads reads() const;
  void log_unread(const Error& error) const;
  /// Answers of one round of sync expressions.
  class Round;
  void ask(Generation round, const std::vector<SyncExpression>& expressions);
  void take_selection(Generation round, sync::Selection selection, std::vector<sync::effect::Failed> errors);
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
  void push_question(sync::effect::AskCredentials question);
  void push_open(sync::effect::OpenSocket open);
  void push_wake(Tick at, sync::Event event);

  const Schema& schema_;
  const std::unique_ptr<client::Storage> storage_;
  const Surroundings around_;
  client::Neighbours* const neighbours_;       ///< The storage's; null when no other process can have it open.
  const bool requires_parents_;
  const std::size_t outbox_max_;
  std::int64_t fits_until_;                    ///< The outbox cannot be too long before it gives this id: no need to count.
  observe::Observers observers_;
  EffectQueue network_;
  std::map<sync::SocketId, std::unique_ptr<Socket>> sockets_;   ///< Touched by the tasks of `network_` only.

  TurnLock mutex_;
  std::optional<SyncOptions> sync_options_;    ///< Null: not started.
  std::unique_ptr<auth::SignedEngine> engine_; ///< Null: not syncing; perhaps another process does.
  Generation generation_ = 0;
  std::optional<sync::event::Verify> verify_;  ///< Wanted, when there is an engine.
  Generation round_ = 0;                       ///< In which the sync expressions were asked last.
  std::optional<sync::Selection> selection_;   ///< Null: not started, or not all expressions have answered.
  std::function<void(const SyncError&)> on_error_;
  bool is_online_ = true;
  std::atomic<bool> is_waiting_for_turn_ = false;
  std::atomic<bool> is_closed_ = false;
};

}  // namespace holdfast
