#include "server/store/sqlite/sqlite_store.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <mutex>
#include <optional>
#include <utility>

#include "server/store/sqlite/commit_queue.h"
#include "server/store/sqlite/index_read.h"
#include "server/store/sqlite/indexes.h"
#include "server/store/sqlite/journal.h"
#include "server/store/sqlite/layout.h"
#include "server/store/sqlite/lost_fields.h"
#include "server/store/sqlite/readers.h"
#include "server/store/sqlite/rows.h"
#include "server/store/sqlite/trim.h"
#include "server/store/sqlite/versions.h"
#include "server/store/sqlite/write_group.h"
#include "sqlite/backup.h"
#include "sqlite/transaction_scope.h"

namespace holdfast::server {
namespace {

constexpr std::string_view horizon_setting = "store.horizon";

bool is_in_memory(std::string_view path) {
  return path.starts_with("file:") && path.find("vfs=memdb") != std::string_view::npos;
}

/// What the database has promised about time: no write is stamped before either of the two.
struct Promises {
  Instant last_change{};
  Instant horizon{};  ///< A whole minute, as it is in the file.
};

Result<Promises> read_promises(sqlite::Connection& connection) {
  HOLDFAST_TRY(last, read_last_stamp(connection));
  HOLDFAST_TRY(text, read_setting(connection, horizon_setting));
  std::int64_t horizon_ms = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), horizon_ms);
  return Promises{last.at, from_epoch_ms(horizon_ms)};
}

class SqliteStore final : public Store {
 public:
  struct Place {
    const Schema& schema;
    Clock& clock;
    std::string path;
    LostFields lost;
  };

  SqliteStore(Place place, sqlite::Connection writer, Promises promises)
      : schema_(place.schema),
        clock_(place.clock),
        lost_(std::move(place.lost)),
        is_in_memory_(is_in_memory(place.path)),
        writer_(std::move(writer)),
        horizon_(promises.horizon),
        last_change_(promises.last_change),
        journal_(place.path),
        readers_(std::move(place.path)),
        queue_([this](CommitQueue::Batch batch) { return commit(batch); }) {}

  Result<std::optional<Image>> get(const ModelSchema& model, const Key& key) override {
    if (auto* group = WriteGroup::of(*this)) return group->get(model, key);
    return read([&](sqlite::Connection& connection) -> Result<std::optional<Image>> {
      HOLDFAST_TRY(current, read_current(connection, model, key.text()));
      return std::move(current.image);
    });
  }

  Result<std::vector<std::optional<Image>>> get_all(const ModelSchema& model, const std::vector<Key>& keys) override {
    return read([&](sqlite::Connection& connection) { return read_all(connection, model, keys); });
  }

  Result<std::optional<Image>> image_at(const ModelSchema& model, const Key& key, std::int64_t version) override {
    return read([&](sqlite::Connection& connection) { return read_version(connection, model, key.text(), version); });
  }

  Result<std::optional<Image>> find_mutation(std::string_view mutation_id) override {
    return read([&](sqlite::Connection& connection) { return read_mutation(connection, schema_, mutation_id); });
  }

  Result<PutOutcome> put(const ConditionalPut& put) override {
    HOLDFAST_ASSERT(put.record.model != nullptr && schema_.model(put.record.model->name) != nullptr,
                    "a put names a model of the store's schema");
    auto* group = WriteGroup::of(*this);
    return group != nullptr ? group->put(put) : queue_.put(put);
  }

  std::vector<Result<void>> put_together(Works works) override;

  Result<ImagePage> list(const ModelSchema& model, const ListOptions& options) override {
    return read([&](sqlite::Connection& connection) { return read_list(connection, model, options); });
  }

  Result<std::vector<ImagePage>> read_index(const ModelSchema& model, const IndexOptions& options,
                                            const std::vector<Partition>& partitions) override {
    return read(
        [&](sqlite::Connection& connection) { return read_partitions(connection, model, options, partitions); });
  }

  Result<ImagePage> changed_since(const ModelSchema& model, Instant since, std::uint32_t limit,
                                  std::string_view after) override {
    const ChangesQuery query{since, limit, after};
    return read([&](sqlite::Connection& connection) { return read_changes(connection, model, query); });
  }

  Result<Instant> read_horizon() override;
  Result<bool> trim(const std::vector<const ModelSchema*>& models, const TrimOptions& options) override;

  void on_commit(std::function<void(const ChangeEntry&)> listener) override { listener_ = std::move(listener); }

  Result<std::optional<std::string>> setting(std::string_view name) override {
    return read([&](sqlite::Connection& connection) { return read_setting(connection, name); });
  }

  Result<void> set_setting(std::string_view name, std::string_view value) override {
    const std::lock_guard lock(writer_mutex_);
    if (auto there = check_place(); !there) return there;
    return write_setting(writer_, name, value);
  }

  Result<void> backup(const std::string& path) override {
    return read([&](sqlite::Connection& connection) { return sqlite::back_up(connection, path); });
  }

  Result<void> journal(const JournalEntry& entry, std::int64_t rows_max) override {
    if (auto* group = WriteGroup::of(*this)) {
      group->conflicts.push_back({entry, rows_max});
      return std::exchange(journal_failure_, {});
    }
    const std::lock_guard lock(writer_mutex_);
    return write_journal(entry, rows_max);
  }

  Result<std::vector<JournalEntry>> conflicts(const JournalQuery& query) override {
    return read([&](sqlite::Connection& connection) { return read_conflicts(connection, query); });
  }

 private:
  /// Runs `reading` on a connection of its own; inside put_together() on the writer's, to see what was put. A database
  /// in memory has the writer's only.
  template <class Reading>
  auto read(Reading reading) -> decltype(reading(std::declval<sqlite::Connection&>())) {
    if (WriteGroup::of(*this) != nullptr) return reading(writer_);
    if (is_in_memory_) {
      const std::lock_guard lock(writer_mutex_);
      return reading(writer_);
    }
    auto lent = readers_.lend();
    if (!lent) return std::move(lent).error();
    return reading(**lent);
  }

  static Result<std::vector<std::optional<Image>>> read_all(sqlite::Connection& connection, const ModelSchema& model,
                                                            const std::vector<Key>& keys);
  std::vector<Result<PutOutcome>> commit(CommitQueue::Batch batch);
  Result<void> run_in_one_transaction(Works works);
  /// Under writer_mutex_. Code: storage_failed when nothing that is written now would be there after a restart.
  [[nodiscard]] Result<void> check_place() const {
    if (!writer_.has_moved()) return {};
    return Error{Code::storage_failed, writer_.path() + ": was taken away or replaced while it was served; end the server, "
                                       "put the file back or restore a backup, and start it again"};
  }
  void tell(const WriteGroup& group);
  /// Under writer_mutex_.
  Result<void> write_journal(const JournalEntry& entry, std::int64_t rows_max) {
    return is_in_memory_ ? write_conflict(writer_, entry, rows_max) : journal_.write(entry, rows_max);
  }

  const Schema& schema_;
  Clock& clock_;
  const LostFields lost_;
  const bool is_in_memory_;
  std::function<void(const ChangeEntry&)> listener_;
  std::mutex writer_mutex_;  // Guards writer_ and horizon_; held while the listener runs.
  sqlite::Connection writer_;
  Instant horizon_;
  std::atomic<Instant> last_change_;  // Of the newest committed write; set under writer_mutex_.
  JournalWriter journal_;               // Used under writer_mutex_, as is what follows.
  Result<void> journal_failure_ = {};   // Of an entry of a group that is over.
  Readers readers_;
  CommitQueue queue_;
};

Result<std::vector<std::optional<Image>>> SqliteStore::read_all(sqlite::Connection& connection,
                                                                const ModelSchema& model,
                                                                const std::vector<Key>& keys) {
  // One transaction: the images belong together, and many reads in one are three times as fast.
  HOLDFAST_TRY(snapshot, sqlite::TransactionScope::snapshot(connection));
  std::vector<std::optional<Image>> images;
  images.reserve(keys.size());
  for (const Key& key : keys) {
    HOLDFAST_TRY(current, read_current(connection, model, key.text()));
    images.push_back(std::move(current.image));
  }
  snapshot.roll_back();
  return images;
}

std::vector<Result<PutOutcome>> SqliteStore::commit(CommitQueue::Batch batch) {
  std::vector<Result<PutOutcome>> outcomes(batch.size());
  std::vector<std::function<void()>> works;
  works.reserve(batch.size());
  for (std::size_t at = 0; at < batch.size(); ++at) {
    works.emplace_back([&, at] { outcomes[at] = put(*batch[at]); });
  }
  auto kept = put_together(works);
  for (std::size_t at = 0; at < kept.size(); ++at) {
    if (!kept[at]) outcomes[at] = std::move(kept[at]).error();
  }
  return outcomes;
}

std::vector<Result<void>> SqliteStore::put_together(Works works) {
  const std::lock_guard lock(writer_mutex_);
  const auto together = run_in_one_transaction(works);
  if (together || works.size() == 1) return std::vector<Result<void>>(works.size(), together);
  // One put that fails must not take the others with it.
  std::vector<Result<void>> kept;
  for (std::size_t at = 0; at < works.size(); ++at) kept.push_back(run_in_one_transaction(works.subspan(at, 1)));
  return kept;
}

Result<void> SqliteStore::run_in_one_transaction(Works works) {
  if (auto there = check_place(); !there) return there;
  HOLDFAST_TRY(transaction, sqlite::TransactionScope::begin(writer_));
  HOLDFAST_TRY(last, read_last_stamp(writer_));
  WriteGroup group(*this, {writer_, {schema_, lost_}, clock_, horizon_}, last);
  for (const auto& work : works) {
    work();
    if (group.failure()) return *group.failure();
  }
  if (auto committed = transaction.commit(); !committed) return committed;
  last_change_ = group.last().at;
  tell(group);
  return {};
}

void SqliteStore::tell(const WriteGroup& group) {
  for (const auto& conflict : group.conflicts) {
    // The writes stand; what is wrong is told to whoever journals next.
    if (auto kept = write_journal(conflict.entry, conflict.rows_max); !kept) journal_failure_ = std::move(kept);
  }
  if (!listener_) return;
  for (const auto& change : group.changes) listener_(change);
}

Result<Instant> SqliteStore::read_horizon() {
  // Whatever is not yet visible comes after the newest committed write. While nothing is being written, the clock
  // gives a later bound, which must then hold for ever: it is kept in the file, by the minute, before it is told.
  const Instant after_last = last_change_.load() + Milliseconds(1);
  const std::unique_lock lock(writer_mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return after_last;
  const Instant minute = std::chrono::floor<std::chrono::minutes>(clock_.wall());
  if (minute > horizon_ && write_setting(writer_, horizon_setting, std::to_string(epoch_ms(minute)))) horizon_ = minute;
  return std::max(last_change_.load() + Milliseconds(1), horizon_);
}

Result<bool> SqliteStore::trim(const std::vector<const ModelSchema*>& models, const TrimOptions& options) {
  HOLDFAST_ASSERT(options.tombstones_before <= options.changes_before, "a tombstone outlives the log of its record");
  const std::lock_guard lock(writer_mutex_);
  HOLDFAST_TRY(transaction, sqlite::TransactionScope::begin(writer_));
  HOLDFAST_TRY(has_more, trim_models(writer_, models, options));
  if (auto committed = transaction.commit(); !committed) return std::move(committed).error();
  return has_more;
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const Schema& schema, Clock& clock, const std::string& path) {
  HOLDFAST_TRY(writer, sqlite::Connection::open({.path = path}));
  if (auto ready = prepare_layout(writer, is_in_memory(path)); !ready) return std::move(ready).error();
  if (auto indexed = prepare_indexes(writer, schema); !indexed) return std::move(indexed).error();
  HOLDFAST_TRY(lost, LostFields::open(writer, schema));
  HOLDFAST_TRY(promises, read_promises(writer));
  return std::make_unique<SqliteStore>(SqliteStore::Place{schema, clock, path, std::move(lost)}, std::move(writer),
                                       promises);
}

}  // namespace holdfast::server
