#include "client/storage/sqlite/sqlite_storage.h"

#include <mutex>
#include <optional>
#include <utility>

#include "client/storage/sqlite/held_schema.h"
#include "client/storage/sqlite/layout.h"
#include "client/storage/sqlite/outbox_table.h"
#include "client/storage/sqlite/process_lock.h"
#include "client/storage/sqlite/reader_pool.h"
#include "client/storage/sqlite/row_reader.h"
#include "client/storage/sqlite/sqlite_transaction.h"
#include "client/storage/sqlite/structure.h"
#include "client/storage/sqlite/tombstone_table.h"
#include "client/storage/stored_form.h"
#include "sqlite/transaction_scope.h"

namespace holdfast::client {
namespace {

// 6 MiB of cache: hydrating stays within 16 MiB above an idle process, and more made it no faster (bench/sync_bench).
constexpr std::string_view pragmas =
    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-6144; PRAGMA foreign_keys=OFF; PRAGMA wal_autocheckpoint=";

bool is_in_memory(const std::string& path) {
  return path.starts_with("file:") && path.find("vfs=memdb") != std::string::npos;
}

Error upgraded_elsewhere(const std::string& path) {
  return {Code::schema_error, path + ": another process has brought the file to another schema; restart this one in the"
                                     " application's present version"};
}

Error gone(const std::string& path) {
  return {Code::storage_failed, path + ": was deleted, moved or replaced while it was open, so nobody would find what is "
                                       "written now; put the file back, or open the DataStore anew"};
}

/// Writers take turns under `writing_`. Readers have connections of their own, on the last commit's snapshot; but a
/// database in memory refuses readers beside a writer, so there they take their turn on the writer's connection.
class SqliteStorage final : public Storage, private Neighbours {
 public:
  /// `lock` is null for a database in memory, which no other process can have.
  SqliteStorage(const Schema& schema, std::vector<ModelTable> tables, std::string structure,
                sqlite::Connection connection, bool syncs, std::optional<ProcessLock> lock)
      : schema_(schema),
        tables_(std::move(tables)),
        structure_(std::move(structure)),
        lock_(std::move(lock)),
        journal_(schema, tables_),
        syncs_every_commit_(syncs),
        is_syncing_(syncs),
        is_in_memory_(is_in_memory(connection.path())),
        readers_(connection.path()),
        writer_{std::move(connection), std::vector<Tombstones>(tables_.size())} {}

  /// Makes itself known to the processes that are there, and ends its turn of opening.
  Result<void> join() {
    if (!lock_) return {};
    HOLDFAST_TRY(scope, sqlite::TransactionScope::begin(writer_.connection));
    meet_others();
    auto known = writer_.journal ? journal_.make(writer_.connection) : journal_.empty(writer_.connection);
    if (known) known = journal_.skip(writer_.connection);
    if (known) known = scope.commit();
    lock_->end_opening();
    if (!known) return known;
    HOLDFAST_TRY(noted, note_version());
    return {};
  }

  Result<void> query(const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink) override {
    return read([&](sqlite::Connection& reader) { return read_rows(reader, table(model), query, sink); });
  }

  Result<std::size_t> count(const ModelSchema& model, const Predicate& where) override {
    return read([&](sqlite::Connection& reader) { return count_rows(reader, table(model), where); });
  }

  Result<std::vector<std::string>> explain(const ModelSchema& model, const Query& query) override {
    return read([&](sqlite::Connection& reader) { return explain_rows(reader, table(model), query); });
  }

  Result<void> query_placed(const ModelSchema& model, const Query& query,
                            const std::function<void(Record&, Place)>& sink) override {
    return read([&](sqlite::Connection& reader) { return read_placed_rows(reader, table(model), query, sink); });
  }

  Result<Stored> find(const ModelSchema& model, const Key& key) override {
    return read([&](sqlite::Connection& reader) { return find_with(reader, table(model), key); });
  }

  Result<std::size_t> outbox_size() override {
    return read([](sqlite::Connection& reader) { return count_entries(reader); });
  }

  Result<std::vector<DeadLetter>> dead_letters(std::int64_t after, std::size_t limit) override {
    return read([&](sqlite::Connection& reader) { return read_dead_letters(reader, schema_, after, limit); });
  }

  Result<Unsettled> unsettled(const ModelSchema& model, const Key& key) override {
    return read([&](sqlite::Connection& reader) { return count_unsettled(reader, model, key); });
  }

  Result<void> write(Commit commit, const Body& body) override {
    const std::lock_guard turn(writing_);
    if (auto set = set_syncing(commit == Commit::durable && syncs_every_commit_); !set) return set;
    HOLDFAST_TRY(scope, begin(commit));
    SqliteTransaction transaction(schema_, tables_, writer_);
    auto done = body(transaction);
    if (done && !transaction.outcome()) done = transaction.outcome();
    if (done) done = scope.commit();
    journal_.end(done.has_value());
    return done;
  }

  Result<void> clear() override {
    const std::lock_guard turn(writing_);
    if (auto set = set_syncing(syncs_every_commit_); !set) return set;
    HOLDFAST_TRY(scope, begin(Commit::durable));
    // The outbox's ids go on: SQLite keeps the last one in sqlite_sequence.
    auto emptied = writer_.connection.run("DELETE FROM holdfast_tombstones; DELETE FROM holdfast_outbox;"
                                          "DELETE FROM holdfast_dead_letters; DELETE FROM holdfast_settings");
    for (const auto& table : tables_) {
      if (emptied) emptied = writer_.connection.run(table.erase_all);
    }
    if (emptied && writer_.journal) emptied = journal_.note_clearing(writer_.connection);
    if (emptied) emptied = scope.commit();
    journal_.end(emptied.has_value());
    if (emptied) writer_.tombstones.assign(tables_.size(), Tombstones::none);
    return emptied;
  }

  Neighbours* neighbours() noexcept override { return lock_ ? this : nullptr; }

 private:
  bool has_moved() override {
    const std::unique_lock turn(writing_, std::try_to_lock);
    if (!turn.owns_lock()) return false;
    if (!news_.is_empty()) return true;  // Noticed by a write that failed.
    const auto version = data_version();
    return version && *version != writer_.seen_version;
  }

  Result<void> look() override {
    const std::lock_guard turn(writing_);
    HOLDFAST_TRY(snapshot, sqlite::TransactionScope::begin(writer_.connection, sqlite::Lock::deferred));
    auto noticed = notice_other_writers();
    snapshot.roll_back();
    return noticed;
  }

  News take_news() override {
    const std::lock_guard turn(writing_);
    return std::exchange(news_, {});
  }

  bool try_turn() override { return lock_->try_turn(); }
  void end_turn() override { lock_->end_turn(); }

  [[nodiscard]] const ModelTable& table(const ModelSchema& model) const { return tables_[index_of(schema_, model)]; }

  template <class Body>
  auto read(const Body& body) -> decltype(body(std::declval<sqlite::Connection&>())) {
    if (is_in_memory_) {
      const std::lock_guard turn(writing_);
      return body(writer_.connection);
    }
    HOLDFAST_TRY(reader, readers_.reader());
    return body(*reader);
  }

  static Result<Stored> find_with(sqlite::Connection& reader, const ModelTable& table, const Key& key) {
    HOLDFAST_TRY(row, read_row(reader, table, key));
    if (row) return std::move(*row);
    if (reader.is_in_transaction()) return find_both(reader, table, key);
    // Row and tombstone out of one snapshot: between two, the one may have become the other.
    HOLDFAST_TRY(snapshot, sqlite::TransactionScope::begin(reader, sqlite::Lock::deferred));
    auto both = find_both(reader, table, key);
    snapshot.roll_back();
    return both;
  }

  static Result<Stored> find_both(sqlite::Connection& reader, const ModelTable& table, const Key& key) {
    HOLDFAST_TRY(row, read_row(reader, table, key));
    if (row) return std::move(*row);
    HOLDFAST_TRY(metadata, read_tombstone(reader, *table.model, key));
    return Stored{.record = {}, .metadata = metadata};
  }

  // One durable commit syncs the whole write-ahead log, the lazy commits before it included.
  Result<void> set_syncing(bool is_syncing) {
    if (is_syncing == is_syncing_) return {};
    auto set = writer_.connection.run(is_syncing ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
    if (set) is_syncing_ = is_syncing;
    return set;
  }

  /// A transaction that knows all that others have committed.
  Result<sqlite::TransactionScope> begin(Commit commit) {
    // A stat() a transaction, under 1 % of the cheapest commit.
    if (writer_.connection.has_moved()) return gone(writer_.connection.path());
    HOLDFAST_TRY(scope, sqlite::TransactionScope::begin(writer_.connection));
    if (auto noticed = notice_other_writers(); !noticed) return std::move(noticed).error();
    if (writer_.journal) {
      meet_others();
      if (auto emptied = writer_.journal ? Result<void>() : journal_.empty(writer_.connection); !emptied) {
        return std::move(emptied).error();
      }
    }
    journal_.begin(commit);
    return std::move(scope);
  }

  /// Who opens the database after this will commit before it reads.
  void meet_others() { writer_.journal = lock_ && lock_->has_others() ? &journal_ : nullptr; }

  Result<std::int64_t> data_version() {
    HOLDFAST_TRY(statement, writer_.connection.cached("PRAGMA data_version"));
    HOLDFAST_TRY(has_row, statement->step());
    return has_row ? statement->column_integer(0) : 0;
  }

  /// Whether another connection has committed since the last time.
  Result<bool> note_version() {
    HOLDFAST_TRY(version, data_version());
    return std::exchange(writer_.seen_version, version) != version;
  }

  /// Another process may have written rows, tombstones of a model that had none, that it is there, or another schema.
  Result<void> notice_other_writers() {
    HOLDFAST_TRY(has_moved, note_version());
    if (!has_moved) return {};
    auto read = read_news();
    if (!read) writer_.seen_version = 0;  // To be looked at again.
    return read;
  }

  Result<void> read_news() {
    HOLDFAST_TRY(is_ours, has_structure(writer_.connection, structure_));
    if (!is_ours) return upgraded_elsewhere(writer_.connection.path());
    writer_.tombstones.assign(tables_.size(), Tombstones::unknown);
    if (!lock_) return {};
    meet_others();
    return journal_.read(writer_.connection, news_);
  }

  const Schema& schema_;
  const std::vector<ModelTable> tables_;
  const std::string structure_;   // That of `schema_`, as the file has it while it is of this schema.
  std::optional<ProcessLock> lock_;
  ChangeJournal journal_;
  News news_;                     // Noticed and not taken yet.
  const bool syncs_every_commit_;
  bool is_syncing_;               // What the writer's connection is set to.
  const bool is_in_memory_;
  ReaderPool readers_;
  std::recursive_mutex writing_;  // Recursive for databases in memory, whose sinks may read.
  Writer writer_;
};

Result<void> configure(sqlite::Connection& connection, const SqliteStorageOptions& options) {
  HOLDFAST_TRY(mode, connection.text_of("PRAGMA journal_mode=WAL"));
  if (mode != "wal" && !is_in_memory(connection.path())) {
    return Error{Code::storage_failed, connection.path() + ": this place cannot hold a write-ahead log (journal mode " +
                                           mode.value_or("unknown") + "); choose a local file system"};
  }
  return connection.run(std::string(pragmas) + std::to_string(options.checkpoint_pages) +
                        (options.syncs_every_commit ? "; PRAGMA synchronous=FULL" : "; PRAGMA synchronous=NORMAL"));
}

}  // namespace

Result<std::unique_ptr<Storage>> open_sqlite_storage(const Schema& schema, const SqliteStorageOptions& options) {
  HOLDFAST_TRY(tables, model_tables(schema));
  auto structure = structure_text(schema);
  HOLDFAST_TRY(connection, sqlite::Connection::open({.path = options.path, .busy_timeout = options.busy_timeout}));
  if (auto defined = define_functions(connection); !defined) return std::move(defined).error();
  if (auto ours = check_owner(connection); !ours) return std::move(ours).error();
  std::optional<ProcessLock> lock;
  if (!is_in_memory(options.path)) {
    HOLDFAST_TRY(made, ProcessLock::open(connection.file()));
    lock.emplace(std::move(made));
    if (auto begun = lock->begin_opening(options.busy_timeout); !begun) return std::move(begun).error();
    if (auto entered = lock->enter(); !entered) return std::move(entered).error();
  }
  if (auto set = configure(connection, options); !set) return std::move(set).error();
  auto brought = bring_to_schema(connection, schema, structure, tables, options.upgrade);
  if (!brought) return std::move(brought).error();
  auto storage = std::make_unique<SqliteStorage>(schema, std::move(tables), std::move(structure), std::move(connection),
                                                 options.syncs_every_commit, std::move(lock));
  if (auto joined = storage->join(); !joined) return std::move(joined).error();
  return std::unique_ptr<Storage>(std::move(storage));
}

}  // namespace holdfast::client
