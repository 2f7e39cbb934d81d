// LiveQueries: all live queries of a device, and what each commit does to them.
//
// Invariant: after apply() of a commit, every live query equals a fresh query at that commit. The work is that of the
// rows that changed and of the queries they concern, not of the results nor of the number of queries. But a query whose
// predicate goes through relations is read again when a model that it spans has changed: once for all commits since it
// was shown, when it is shown.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "client/observe/interest.h"
#include "client/observe/live_query.h"

namespace holdfast::observe {

using QueryId = std::uint64_t;

/// While a model is being synced, changes of the service are shown in batches: after so many, or so long after the
/// first, whichever comes first. Changes of the application are shown at once, and what waits with them.
constexpr std::size_t batch_changes_max = 1000;
constexpr Milliseconds batch_time_max{2000};

/// The place of a row as the storage has it now; null when it is gone or cannot be read.
using PlaceOf = std::function<std::optional<client::Place>(const ModelSchema& model, const Key& key)>;

/// What is asked of the storage: of its last commit.
struct StoreReads {
  PlaceOf place_of = {};
  /// As Storage::query_placed. For queries that span models.
  std::function<Result<void>(const ModelSchema& model, const Query& query,
                             const std::function<void(Record&, client::Place)>& sink)>
      rows = {};
  /// Whether a record satisfies a predicate through relations; false when it cannot be read. For observers.
  std::function<bool(const Predicate& where, const Record& record)> satisfies = {};
};

/// Results are exact at every commit; when they are shown is another matter: a query that has something new to show is
/// given out once as due, and not again before take() has shown it. Thread-safe, but commits must come one at a time
/// and in their order: apply(), add() and clear() belong under the device's lock.
class LiveQueries {
 public:
  /// `reads` is called without a lock of this object.
  explicit LiveQueries(StoreReads reads);
  ~LiveQueries();
  LiveQueries(const LiveQueries&) = delete;
  LiveQueries& operator=(const LiveQueries&) = delete;

  /// What is to be done after a step: queries to show, in the order of their ids, and when to call release().
  struct Due {
    std::vector<QueryId> queries = {};
    std::optional<Tick> release_at = {};
  };

  /// A query that has no rows yet, and its rows, made by it, in any order. The id is new; the query is due at once.
  struct FirstRow {
    std::string key;  ///< Its text.
    Row row;
  };
  void add(QueryId id, LiveQuery query, std::vector<FirstRow> rows);
  void remove(QueryId id);

  /// The changes of one commit, as they were made: a row removed and inserted again has both.
  [[nodiscard]] Due apply(const std::vector<RecordChange>& changes, Tick now);
  /// Every row of every model is gone.
  [[nodiscard]] Due clear();
  /// Shows the batches that have waited long enough.
  [[nodiscard]] Due release(Tick now);

  [[nodiscard]] Due begin_sync();
  [[nodiscard]] Due finish_sync(const std::string& model);
  [[nodiscard]] Due end_sync();

  struct Shown {
    Rows rows;
    bool is_synced = false;
  };
  /// What is to be shown now; null when the query was removed, or was read again and shows what it did. Belongs outside
  /// the device's lock, since it may read; of one query, one at a time.
  [[nodiscard]] std::optional<Shown> take(QueryId id);

 private:
  struct Member {
    Watch* watch = nullptr;
    RowPointer row;
  };
  /// Of one model. The keys of `members` are what the rows' `key` refers to.
  struct Watched {
    Interest interest;
    std::unordered_map<std::string, std::vector<Member>> members;  // Looked up only: its order reaches nobody.
  };
  struct NetChange;
  enum class Phase : std::uint8_t { never_started, syncing, stopped };

  std::vector<NetChange> net_of(const std::vector<RecordChange>& changes);
  void match(NetChange& change);
  void find_places(std::vector<NetChange>& changes);
  void find_inserted_places(std::vector<NetChange*> inserted);
  [[nodiscard]] client::Place place_of(const NetChange& change);
  void apply(const NetChange& change, Tick now, Due& due);
  void update_members(const NetChange& change, std::vector<Member>& members, Tick now, Due& due);
  void add_spanning(Watch& watch, std::vector<FirstRow> rows);
  void make_stale(const RecordChange& change, Tick now, Due& due);
  std::optional<LiveQuery> begin_take(QueryId id);
  std::optional<std::vector<Row>> read_again(const LiveQuery& query) const;
  [[nodiscard]] bool may_wait(const ModelSchema& changed, bool is_local) const;
  void note(Watch& watch, bool may_wait, Tick now, Due& due);
  static void show(Watch& watch, Due& due);
  Due show_sync_state();
  [[nodiscard]] bool is_synced(const LiveQuery& query) const;

  const StoreReads reads_;
  client::Place last_place_ = 0;  ///< The greatest that was seen: for rows that are gone before they are asked for.
  std::uint64_t steps_ = 0;

  std::mutex mutex_;  ///< Guards what follows.
  std::map<QueryId, std::unique_ptr<Watch>> watches_;
  std::map<std::string, Watched, std::less<>> models_;
  std::map<std::string, std::vector<Watch*>, std::less<>> spanning_;  ///< By each of the models that they span.
  Phase phase_ = Phase::never_started;
  std::set<std::string> synced_;
};

}  // namespace holdfast::observe
