// DataStore: the on-device store. Local verbs block for microseconds and return a Result; sync runs behind them.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "holdfast/model.h"
#include "holdfast/observe.h"
#include "holdfast/related.h"
#include "holdfast/result.h"
#include "holdfast/sync.h"
#include "holdfast/transaction.h"
#include "holdfast/upgrade.h"

namespace holdfast {

/// Runs a task later or at once, on a thread of the application's choice, in the order given.
using Executor = std::function<void(std::function<void()>)>;

enum class Delivery : std::uint8_t {
  inline_calls,  ///< On the thread that made the change, after the store's lock is released.
  on_executor,   ///< On `StoreOptions::executor`.
  by_poll,       ///< Inside DataStore::poll(), on the thread that calls it.
};

enum class Durability : std::uint8_t {
  full,    ///< A save that returned survives power loss.
  normal,  ///< A save that returned survives the process; power loss may take the last ones.
};

struct StoreOptions {
  std::string path = {};                      ///< The SQLite file; its folder must exist. Empty: in memory.
  Durability durability = Durability::full;
  Delivery delivery = Delivery::inline_calls;
  Executor executor = {};                     ///< Needed for Delivery::on_executor.
  UpgradePolicy upgrade = {};                 ///< For a file that was written with another schema.
  /// A save that makes a record refer to one that is not in the store is refused with invalid_argument, as by all Amplify
  /// clients. Off for devices that keep less than the service has and may refer to the rest. What sync brings is taken in any case.
  bool requires_parents = true;
  /// Changes that may wait for the backend. A save or removal beyond is refused with limit_exceeded and writes nothing:
  /// a device that can not sync says so before its disk is full. Also of a store that is never synced, which keeps its
  /// changes for the day when it is.
  std::size_t outbox_max = 10'000'000;
};

class Device;

/// A local database of the schema's models, synced with a backend once start() was called.
/// Several processes may have one file open; observers hear of the others' changes within about a tenth of a second.
/// Thread-safe. Movable; a moved-from store may only be destroyed. Destroying it stops sync and observation.
class DataStore {
 public:
  /// Opens or creates the database, and brings it to the schema when it was written with another one: all that fits is
  /// kept, and StoreOptions::upgrade asked before anything is lost. `schema` must outlive the store.
  /// Codes: storage_failed, corrupt, disk_full, schema_error (something would be lost, which is listed, or a newer Holdfast
  /// has written the file), invalid_argument.
  static Result<DataStore> open(const Schema& schema, StoreOptions options = {});
  explicit DataStore(std::unique_ptr<Device> device) noexcept;
  DataStore(DataStore&&) noexcept;
  DataStore& operator=(DataStore&&) noexcept;
  ~DataStore();

  /// Inserts the instance, or updates the row with its key by the fields that differ from it. An empty `id` is
  /// filled with a UUID. Row and outbox entry are one transaction. Returns the instance as stored.
  /// With a condition the row must exist and satisfy it. A condition is checked by the service too: it cannot go through
  /// a relation (invalid_argument).
  /// Codes: invalid_argument, condition_failed, storage_failed, disk_full, limit_exceeded (StoreOptions::outbox_max),
  /// closed.
  template <Model M>
  Result<M> save(const M& instance, const Where<M>& condition = {}) {
    return save_record(instance.to_record(), nullptr, condition.tree).transform(&M::from_record);
  }
  /// Updates exactly the edit's changed fields; nothing happens when there are none. A row that was removed
  /// meanwhile is not brought back: not_found.
  template <Model M>
  Result<M> save(const Edit<M>& edit, const Where<M>& condition = {}) {
    return save_record(edit.value.to_record(), &edit.changes, condition.tree).transform(&M::from_record);
  }

  /// The row with this key, parts in the order of the primary key. Codes: invalid_argument, storage_failed.
  template <Model M, class... Parts>
    requires(sizeof...(Parts) > 0)
  Result<std::optional<M>> get(const Parts&... parts) const {
    return find_record(M::model(), Key{{to_value(parts)...}}).transform([](std::optional<Record>&& found) {
      return found ? std::optional<M>(M::from_record(std::move(*found))) : std::nullopt;
    });
  }
  /// What the service last said of this record; version 0 when it has never acknowledged it.
  /// Codes: storage_failed, closed.
  template <Model M>
  [[nodiscard]] Result<Metadata> metadata(const M& instance) const {
    return metadata_of(M::model(), instance.to_record().key());
  }
  /// Reads a consistent snapshot; never waits for a writer. Codes: invalid_argument, storage_failed, closed.
  template <Model M>
  Result<std::vector<M>> query(const Where<M>& where = {}, const QueryOptions<M>& options = {}) const {
    std::vector<M> rows;
    auto read = query_records(M::model(), erased(where, options),
                              [&rows](Record& row) { rows.push_back(M::from_record(std::move(row))); });
    return read ? Result<std::vector<M>>(std::move(rows)) : Result<std::vector<M>>(std::move(read).error());
  }
  /// How many rows satisfy `where`; reads none of them. Codes: as query().
  template <Model M>
  Result<std::size_t> count(const Where<M>& where = {}) const { return count_records(M::model(), where.tree); }
  /// How the query would find its rows, as lines of SQLite's query plan: `SEARCH m USING INDEX Post.byRating (rating=?)`
  /// reads an index, `SCAN m` every row. For people and tests; the words are SQLite's and change with it.
  template <Model M>
  Result<std::vector<std::string>> explain(const Where<M>& where, const QueryOptions<M>& options = {}) const {
    return explain_records(M::model(), erased(where, options));
  }

  /// A handle of what a relation of one instance leads to: `store.related(comment, Comment::fields::post).get()`,
  /// `store.related(post, Post::fields::comments, {.page_size = 20}).next()`. Reads nothing itself.
  template <ToOneField R>
  [[nodiscard]] ToOne<typename R::Other> related(const typename R::Model& instance, const R& relation) const {
    return ToOne<typename R::Other>(Related(row_reader(), relation.route(), instance.to_record()));
  }
  template <ToManyField R>
  [[nodiscard]] ToMany<typename R::Other> related(const typename R::Model& instance, const R& relation,
                                                  RelatedOptions<typename R::Other> options = {}) const {
    return {Related(row_reader(), relation.route(), instance.to_record()), std::move(options)};
  }
  /// What a relation leads to from every instance of a range, read with a query for some hundred of them instead of
  /// one each: `auto posts = store.prefetch(comments, Comment::fields::post)`, then `posts.of(comment)`. Next level:
  /// `store.prefetch(posts.rows(), Post::fields::blog)`. Reads all at once; several queries are several snapshots.
  /// Codes: schema_error (several records where the relation leads to one), invalid_argument, storage_failed, corrupt.
  template <std::ranges::input_range Instances, RelationField R>
    requires std::same_as<std::ranges::range_value_t<Instances>, typename R::Model>
  Result<Prefetched<R>> prefetch(const Instances& instances, const R& relation) const {
    return holdfast::prefetch(row_reader(), instances, relation, {});
  }
  template <std::ranges::input_range Instances, ToManyField R>
    requires std::same_as<std::ranges::range_value_t<Instances>, typename R::Model>
  Result<Prefetched<R>> prefetch(const Instances& instances, const R& relation,
                                 const PrefetchOptions<typename R::Other>& options) const {
    return holdfast::prefetch(row_reader(), instances, relation, erased(options.where, {.sort = options.sort}));
  }

  /// Removes the row and, before it, every row below it by has_one and has_many, at every level, each with an outbox
  /// entry: of a many-to-many the records between, not the far side. Nothing happens when it is not there. It must
  /// satisfy the condition. Returns whether it was there.
  /// Codes: condition_failed, storage_failed, closed.
  template <Model M>
  Result<bool> remove(const M& instance, const Where<M>& condition = {}) {
    return remove_record(instance.to_record(), condition.tree);
  }
  /// Removes every row that satisfies `where`, with what is below it, in one transaction; returns how many. `remove_all<Post>()` is
  /// spelled out so that a forgotten condition does not empty a model.
  template <Model M>
  Result<std::size_t> remove(const Where<M>& where) { return remove_records(M::model(), where.tree); }
  template <Model M>
  Result<std::size_t> remove_all() { return remove_records(M::model(), Predicate{}); }

  /// Saves every instance of a range, such as a vector, in one transaction: all or none. Much faster than a save each.
  /// Returns them as stored, in order. Codes: as save().
  template <std::ranges::input_range Instances>
    requires Model<std::ranges::range_value_t<Instances>>
  Result<std::vector<std::ranges::range_value_t<Instances>>> save_all(const Instances& instances) {
    return transaction([&instances](Transaction& transaction) { return transaction.save_all(instances); });
  }

  /// Runs `body(Transaction&)` and commits what it wrote through the handle: every row and outbox entry, or nothing.
  /// The body returns a Result, whose error undoes everything and is returned; its value is returned after the
  /// commit. A body that returns nothing may throw to undo; every exception undoes, and goes on to the caller.
  ///
  ///   auto saved = store.transaction([&](holdfast::Transaction& transaction) -> holdfast::Result<void> {
  ///     HOLDFAST_TRY(post, transaction.save(Post{.title = "first"}));
  ///     HOLDFAST_TRY(comment, transaction.save(Comment{.content = "both or neither", .post = post}));
  ///     return {};
  ///   });
  ///
  /// Observers are told after the commit, in order of the writes: one change a record, from the row before to the
  /// row after, and none when these are equal. Sync wakes once, after the commit.
  ///
  /// The body runs once, on the calling thread, while other writers and sync wait: it should be short, and must not
  /// wait for another thread that writes, nor cancel a subscription. Inside it the store itself reads the state before
  /// the transaction; its writes, transaction(), start() and clear() fail with invalid_argument, poll() runs nothing,
  /// stop() and set_online() are asserted not to be called.
  /// Codes: the body's; storage_failed, disk_full, corrupt; invalid_argument inside another transaction.
  template <TransactionBody Body>
  auto transaction(Body&& body) {
    using Outcome = std::invoke_result_t<Body&, Transaction&>;
    if constexpr (std::is_void_v<Outcome>) {
      return run_transaction([&body](Transaction& transaction) -> Result<void> { return body(transaction), Result<void>(); });
    } else if constexpr (std::is_same_v<Outcome, Result<void>>) {
      return run_transaction(std::ref(body));
    } else {
      Outcome made = Error{};
      auto run = run_transaction([&](Transaction& transaction) -> Result<void> {
        made = body(transaction);
        return made ? Result<void>() : Result<void>(made.error());
      });
      return run ? std::move(made) : Outcome(std::move(run).error());
    }
  }

  /// Calls back after every committed change of a row of M that satisfies `where` after it (before it, for a
  /// removal), in commit order. The callback must not throw; it may call the store and end its subscription.
  /// A `where` through relations is evaluated at the commit, with the related records as the commit left them, and told
  /// of changes of M only; each of them costs a query under the store's lock.
  template <Model M>
  [[nodiscard]] Subscription observe(std::function<void(const Change<M>&)> callback, const Where<M>& where = {}) {
    return observe_records(M::model(), where.tree, [callback = std::move(callback)](const RecordChange& change) {
      callback(Change<M>{change.type, change.origin, M::from_record(Record(change.record))});
    });
  }
  /// A live query: calls back with the whole result in order, at once and after every commit that changes it, and when
  /// `is_synced` changes. Each snapshot is what query() would return at that commit; one commit, such as a transaction
  /// or a page of the service, gives one at most. What changes while a callback runs, or before poll() or the executor
  /// comes, is one snapshot, the newest. While the model is being synced, the service's changes come in batches: after
  /// 1,000 of them or 2 s, and when the model is synced; the application's own changes, and what waits, come at once.
  ///
  /// A change costs work for itself, not for the size of the result. The first rows are read under the store's lock.
  /// All rows that satisfy `where` stay in memory, also those beyond `limit`; M::from_record and M's == run under the
  /// lock and must not call the store. The callback must not throw; it may call the store and end the subscription.
  /// A `where` through relations follows the related records too: after a commit that touches a model it goes through,
  /// the query is read again when its snapshot is shown, outside the lock, and shown if it changed. A snapshot is then what
  /// query() returns at that commit or a later one, and `is_synced` waits for all those models. When it cannot be read
  /// again, its rows stay until the next change.
  /// Delivery::inline_calls: the first snapshot comes before this returns, unless callbacks are running.
  /// Codes: invalid_argument, storage_failed, corrupt.
  template <Model M>
  Result<Subscription> observe_query(const Where<M>& where, const QueryOptions<M>& options,
                                     std::function<void(const Snapshot<M>&)> callback) {
    return observe_query_rows(M::model(), erased(where, options), row_form<M>(),
                              [callback = std::move(callback)](const Rows& rows, bool is_synced) {
                                callback(Snapshot<M>{Items<M>(rows), is_synced});
                              });
  }
  /// How far the changes of this record have come. Codes: invalid_argument, storage_failed, closed.
  template <Model M>
  [[nodiscard]] Result<SyncState> sync_state(const M& instance) const {
    return sync_state_of(M::model(), instance.to_record().key());
  }
  /// Calls back once, when no change of this record waits any more: what was saved before is durable in the backend, or
  /// was refused for good. At once, on this thread, when that is so already. Only the process that syncs hears of it.
  /// Else as for observe(); ends with the subscription. Not inside a transaction.
  template <Model M>
  [[nodiscard]] Subscription on_receipt(const M& instance, std::function<void(const Receipt&)> callback) {
    return receipt_of(M::model(), instance.to_record().key(), std::move(callback));
  }

  /// Changes that the backend refused for good, oldest first: up to `limit` with an id greater than `after`.
  /// Codes: storage_failed, corrupt, closed.
  [[nodiscard]] Result<std::vector<DeadLetter>> dead_letters(std::int64_t after = 0, std::size_t limit = 1000) const;
  /// Makes the change once more, as a new one on the row as it is now, and takes the letter off the list; both or neither.
  /// A creation of what is there by now becomes an update of the same fields. A condition must hold again.
  /// Codes: not_found (no such letter; an update of a row that is gone), otherwise as save().
  Result<void> retry_dead_letter(std::int64_t id);
  /// Gives the change up. Codes: not_found, storage_failed, closed.
  Result<void> drop_dead_letter(std::int64_t id);

  /// Calls back with what the sync engine reports, in order. As for observe().
  [[nodiscard]] Subscription on_event(std::function<void(const SyncEvent&)> callback);

  /// Starts syncing, now and after every loss of the network, until stop(). Everything written before is sent.
  /// Returns at once. Of several processes on one database one syncs: the others wait, without sync events, until it
  /// stops or dies. Codes: invalid_argument (endpoint, options, a `ca_file` that cannot be read), unsupported (a `ca_file`
  /// in a build without TLS), closed.
  Result<void> start(SyncOptions options);
  /// Asks the sync expressions of start() again. What is not kept any more leaves the device, but for rows with unsent
  /// changes, which leave with the last of these; what is kept now is fetched. When no answer differs, nothing happens.
  /// Codes: invalid_argument (not started).
  Result<void> reselect();
  /// Compares what this device holds of each model with what the backend holds, by counts and hashes, and fetches again
  /// what differs; unsent changes are kept, and rows with such are not compared. The event Verified tells what was found.
  /// Begins when sync has caught up. Needs Holdfast's backend; models are skipped with others. Reads every row.
  /// Codes: invalid_argument (not started).
  Result<void> verify();
  /// Stops syncing; unsent changes stay in the outbox. No observer or event callback is running on another
  /// thread when it returns. Safe at any time.
  void stop();
  /// Removes every row, unsent change and sync state of this device, in one transaction; stops sync first.
  Result<void> clear();
  /// Stops syncing and forgets the credentials. SignOut::clears: clear(). SignOut::keeps: rows and unsent changes stay, to be
  /// read, and sent when the same user starts again; a start() of another SyncOptions::user fails as long as such changes
  /// wait or are dead letters, and afterwards fetches everything anew, on top of the rows that are there. Codes: as clear().
  Result<void> sign_out(SignOut data);
  /// The application's own knowledge of the network: false makes the engine close its connections and wait.
  void set_online(bool is_online);

  /// Delivers what is waiting, for Delivery::by_poll; returns how many callbacks ran.
  std::size_t poll();
  /// Changes that the backend has not yet acknowledged.
  [[nodiscard]] Result<std::size_t> pending_count() const;

  // The untyped doors that the templates above go through; bindings may use them.
  Result<Record> save_record(Record record, const Patch* changes, const Predicate& condition);
  Result<std::optional<Record>> find_record(const ModelSchema& model, const Key& key) const;
  /// Calls `sink` for each row; it may move values out of the record, which is reused.
  Result<void> query_records(const ModelSchema& model, const Query& query,
                             const std::function<void(Record&)>& sink) const;
  /// For Related and Links. May outlive the store: then its code is closed.
  [[nodiscard]] RowReader row_reader() const;
  Result<std::size_t> count_records(const ModelSchema& model, const Predicate& where) const;
  Result<std::vector<std::string>> explain_records(const ModelSchema& model, const Query& query) const;
  Result<Metadata> metadata_of(const ModelSchema& model, const Key& key) const;
  Result<bool> remove_record(const Record& record, const Predicate& condition);
  Result<std::size_t> remove_records(const ModelSchema& model, const Predicate& where);
  [[nodiscard]] Subscription observe_records(const ModelSchema& model, Predicate where,
                                             std::function<void(const RecordChange&)> callback);
  Result<SyncState> sync_state_of(const ModelSchema& model, const Key& key) const;
  [[nodiscard]] Subscription receipt_of(const ModelSchema& model, const Key& key,
                                        std::function<void(const Receipt&)> callback);
  Result<void> run_transaction(const std::function<Result<void>(Transaction&)>& body);
  Result<Subscription> observe_query_rows(const ModelSchema& model, const Query& query, RowForm form,
                                          std::function<void(const Rows&, bool is_synced)> callback);

 private:
  std::unique_ptr<Device> device_;
};

}  // namespace holdfast
