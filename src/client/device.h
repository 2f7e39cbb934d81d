// Device: one device's store behind one lock. The façade's inside: the only place of the client that locks.
//
// Every door does the same: lock, step, unlock, then perform the effects in order. Effects of concurrent calls
// leave through one queue, so that observers and the wire see them in commit order.
#pragma once

#include <memory>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "base/transport.h"
#include "client/storage/storage.h"
#include "holdfast/datastore.h"

namespace holdfast {

/// What a device stands on. All are shared with whoever made them; `storage` is the device's own.
struct DevicePorts {
  std::shared_ptr<Clock> clock;
  std::shared_ptr<Random> random;
  std::shared_ptr<Transport> transport;   ///< May be null: local-only.
  std::shared_ptr<Log> log;
  std::unique_ptr<client::Storage> storage;
};

/// Thread-safe. Its functions are DataStore's; the contracts stand there. Not to be destroyed inside a callback.
class Device {
 public:
  /// `schema` outlives the device. `ports` are all there but, for local-only use, the transport.
  Device(const Schema& schema, DevicePorts ports, StoreOptions options);
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  Result<Record> save(Record record, const Patch* changes, const Predicate& condition);
  Result<std::optional<Record>> find(const ModelSchema& model, const Key& key) const;
  Result<void> query(const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink) const;
  RowReader row_reader() const;
  Result<std::size_t> count(const ModelSchema& model, const Predicate& where) const;
  Result<std::vector<std::string>> explain(const ModelSchema& model, const Query& query) const;
  Result<bool> remove(const Record& record, const Predicate& condition);
  Result<std::size_t> remove_where(const ModelSchema& model, const Predicate& where);
  Result<void> transaction(const std::function<Result<void>(Transaction&)>& body);
  Subscription observe(const ModelSchema& model, Predicate where, std::function<void(const RecordChange&)> callback);
  Result<Subscription> observe_query(const ModelSchema& model, const Query& query, RowForm form,
                                     std::function<void(const Rows&, bool is_synced)> callback);
  Subscription on_event(std::function<void(const SyncEvent&)> callback);
  Result<void> start(SyncOptions options);
  Result<void> reselect();
  Result<void> verify();
  void stop();
  Result<void> clear();
  Result<void> sign_out(SignOut data);
  void set_online(bool is_online);
  std::size_t poll();
  Result<std::size_t> pending_count() const;
  Result<SyncState> sync_state(const ModelSchema& model, const Key& key) const;
  Subscription on_receipt(const ModelSchema& model, const Key& key, std::function<void(const Receipt&)> callback);
  Result<std::vector<DeadLetter>> dead_letters(std::int64_t after, std::size_t limit) const;
  Result<void> retry_dead_letter(std::int64_t id);
  Result<void> drop_dead_letter(std::int64_t id);

  /// The service's metadata of a key, for tools and checkers.
  Result<Metadata> metadata(const ModelSchema& model, const Key& key) const;

  class Inside;  ///< Shared with callbacks of clock and transport, which may come late.

 private:
  const Schema& schema_;
  // Held here and not by the inside: a late callback may be the last to hold the inside, on the transport's own thread,
  // where the transport must not be destroyed.
  const std::shared_ptr<Clock> clock_;
  const std::shared_ptr<Random> random_;
  const std::shared_ptr<Transport> transport_;
  const std::shared_ptr<Log> log_;           // As the three above: whoever made the device has it too.
  std::shared_ptr<Inside> inside_;           // Late callbacks hold it weakly.
};

}  // namespace holdfast
