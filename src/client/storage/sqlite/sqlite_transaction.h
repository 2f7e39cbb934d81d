// SqliteTransaction: the Transaction on a SQLite connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/storage/sqlite/change_journal.h"
#include "client/storage/sqlite/row_codec.h"
#include "client/storage/sqlite/tables.h"
#include "client/storage/storage.h"
#include "sqlite/connection.h"

namespace holdfast::client {

/// What the writer knows of each model's tombstones between transactions: most models have none, and then no row
/// needs to be looked up among them. Parallel to the schema's models. `some` may be wrong, `none` never is.
enum class Tombstones : std::uint8_t { unknown, none, some };

struct Writer {
  sqlite::Connection connection;
  std::vector<Tombstones> tombstones;
  std::int64_t seen_version = 0;  ///< PRAGMA data_version: changes when another connection commits.
  ChangeJournal* journal = nullptr;  ///< Null while no other process has the database open.
};

/// Used between BEGIN and COMMIT, which are the storage's. Not thread-safe.
class SqliteTransaction final : public Transaction {
 public:
  SqliteTransaction(const Schema& schema, const std::vector<ModelTable>& tables, Writer& writer)
      : schema_(schema), tables_(tables), writer_(writer), connection_(writer.connection) {}

  /// The first error of any call; write() fails with it whatever the body returns.
  [[nodiscard]] const Result<void>& outcome() const noexcept { return outcome_; }

  Result<Stored> find(const ModelSchema& model, const Key& key) override;
  Result<void> query(const ModelSchema& model, const Query& query, const std::function<void(Record&)>& sink) override;
  Result<std::size_t> count(const ModelSchema& model, const Predicate& where) override;
  Result<bool> insert(const Record& record) override;
  Result<void> put(const Record& record, const Metadata& metadata) override;
  Result<Put> put_newer(const SyncedRecord& synced) override;
  Result<void> erase(const ModelSchema& model, const Key& key, const Metadata& metadata) override;
  Result<std::int64_t> append(const OutboxEntry& entry) override;
  Result<void> rewrite(const OutboxEntry& entry) override;
  Result<void> drop(std::int64_t entry) override;
  Result<void> bury(std::int64_t entry, const Refusal& refusal) override;
  Result<std::optional<DeadLetter>> dead_letter(std::int64_t id) override;
  Result<void> drop_dead_letter(std::int64_t id) override;
  Result<std::vector<OutboxEntry>> entries_of(const ModelSchema& model, const Key& key) override;
  Result<std::vector<OutboxEntry>> entries(std::int64_t after, std::size_t limit) override;
  Result<std::size_t> outbox_size() override;
  Result<std::optional<std::string>> setting(std::string_view name) override;
  Result<void> set_setting(std::string_view name, std::string_view value) override;
  Result<void> drop_setting(std::string_view name) override;

 private:
  template <class T>
  Result<T> noted(Result<T> result) {
    if (!result && outcome_) outcome_ = result.error();
    return result;
  }

  template <class KeyOf, class Write>
  auto journaled(std::size_t model, const KeyOf& key_of, const Write& write) -> decltype(write());
  Result<std::optional<Record>> row_of(std::size_t model, const Key& key);
  [[nodiscard]] std::size_t index(const ModelSchema& model) const;
  Result<Stored> find_stored(std::size_t model, const Key& key);
  Result<void> write_row(const std::string& sql, std::size_t model, const Record& record, const Metadata& metadata);
  Result<bool> insert_row(std::size_t model, const Record& record);
  Result<Put> put_newer_row(std::size_t model, const SyncedRecord& synced);
  Result<Put> put_tombstone(std::size_t model, const SyncedRecord& synced);
  Result<void> erase_row(std::size_t model, const Key& key, const Metadata& metadata);
  Result<bool> has_tombstones(std::size_t model);
  Result<void> keep_tombstone(std::size_t model, const Key& key, const Metadata& metadata);
  Result<void> forget_tombstone(std::size_t model, const Key& key);
  Result<void> forget_tombstone_of(std::size_t model, const Record& record);
  Result<std::optional<std::string>> read_setting(std::string_view name);
  Result<void> write_setting(std::string_view sql, std::string_view name, std::optional<std::string_view> value);

  const Schema& schema_;
  const std::vector<ModelTable>& tables_;
  Writer& writer_;
  sqlite::Connection& connection_;
  Texts texts_;  // Reused from row to row.
  Result<void> outcome_;
};

}  // namespace holdfast::client
