// Storage: the device's database. A port: SQLite and memory implement it, under one contract test.
//
// Invariant 1: visible = synced + outbox edits. The rows here are the visible ones; the outbox beside them holds
// what the service has not acknowledged; one transaction changes both, or neither.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/storage/neighbours.h"
#include "holdfast/predicate.h"
#include "holdfast/record.h"

namespace holdfast::client {

/// Orders the rows of a model by their insertion: an update keeps a row's place, an insertion gets one greater than that
/// of every row there is.
using Place = std::int64_t;

/// What the device knows of a key: the row when it is visible, and the service's metadata (of the tombstone, when
/// the row is gone). Version 0 and no row: never heard of.
struct Stored {
  std::optional<Record> record;
  Metadata metadata;
  Place place = 0;               ///< Of the row, when Storage::find read it.
};

enum class Operation : std::uint8_t { create, update, remove };
std::string_view name(Operation operation) noexcept;  ///< "create", "update", "delete"

/// One unsent change. `id` orders the outbox: greater is later.
struct OutboxEntry {
  std::int64_t id = 0;
  const ModelSchema* model = nullptr;
  Key key = {};
  Operation operation = Operation::create;
  Patch changes = {};           ///< create: every non-null field; update: the changed fields; remove: empty.
  Predicate condition = {};   ///< To be checked by the service too.
  bool was_sent = false;      ///< A request with it may have left: it must not be merged away.

  friend bool operator==(const OutboxEntry&, const OutboxEntry&) = default;
};

/// Why the service refused a change for good.
struct Refusal {
  Code code = Code::rejected;
  std::string error_type = {};  ///< The service's word; empty when it gave none.
  std::string message = {};
  Instant at = {};              ///< By this device's clock.

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// A refused change, kept until the application retries or drops it. The entry's id is the letter's.
struct DeadLetter {
  OutboxEntry entry;
  Refusal refusal;

  friend bool operator==(const DeadLetter&, const DeadLetter&) = default;
};

/// What of one key the service has not taken.
struct Unsettled {
  std::size_t waiting = 0;       ///< Entries in the outbox.
  std::size_t dead_letters = 0;
};

enum class Put : std::uint8_t { inserted, updated, stale };

/// A row as the service sent it.
struct SyncedRecord {
  Record record;      ///< For a tombstone: at least its key.
  Metadata metadata;
};

/// The open transaction of Storage::write. Valid inside the body only. Any failed call leaves the transaction
/// doomed: the body must return the error, and write() fails with it in any case. Codes of all: storage_failed, disk_full, corrupt.
class Transaction {
 public:
  virtual ~Transaction() = default;

  virtual Result<Stored> find(const ModelSchema& model, const Key& key) = 0;
  /// As Storage::query, on what this transaction has made of the rows. `sink` may read, but not write.
  virtual Result<void> query(const ModelSchema& model, const Query& query,
                             const std::function<void(Record&)>& sink) = 0;

  virtual Result<std::size_t> count(const ModelSchema& model, const Predicate& where) = 0;

  /// Writes a row of whose key nothing is known, neither row nor metadata: one step instead of find() and put().
  /// False, and nothing is changed, when something is.
  virtual Result<bool> insert(const Record& record) = 0;
  /// Writes the visible row and its metadata, whatever stood there. A visible row's metadata reads back with
  /// is_deleted false, and its floating fields as doubles (-0.0 as 0.0, NaN as null).
  virtual Result<void> put(const Record& record, const Metadata& metadata) = 0;
  /// Writes a row of the service if its version is greater than the one known (of row or tombstone), or nothing is
  /// known. A tombstone removes the row and stays known. `stale` changes nothing. A tombstone for a key that has no
  /// row gives `inserted`, one that removed a row `updated`. Never looks at the outbox.
  virtual Result<Put> put_newer(const SyncedRecord& synced) = 0;
  /// Removes the row; keeps `metadata` as what the service knows of the key (version 0: forget the key).
  virtual Result<void> erase(const ModelSchema& model, const Key& key, const Metadata& metadata) = 0;

  /// Appends at the tail and returns the new id; ids are never used twice, also after a crash.
  virtual Result<std::int64_t> append(const OutboxEntry& entry) = 0;
  /// Replaces, of the entry with this id: changes, condition, was_sent. An id that is gone: storage_failed.
  virtual Result<void> rewrite(const OutboxEntry& entry) = 0;
  virtual Result<void> drop(std::int64_t entry) = 0;  ///< An id that is gone is no error.
  /// Moves the entry from the outbox to the dead letters. An id that is gone is no error.
  virtual Result<void> bury(std::int64_t entry, const Refusal& refusal) = 0;
  /// Null when there is no such letter.
  virtual Result<std::optional<DeadLetter>> dead_letter(std::int64_t id) = 0;
  virtual Result<void> drop_dead_letter(std::int64_t id) = 0;  ///< An id that is gone is no error.
  /// The entries of one record, oldest first.
  virtual Result<std::vector<OutboxEntry>> entries_of(const ModelSchema& model, const Key& key) = 0;
  /// Up to `limit` entries with id > `after`, oldest first.
  virtual Result<std::vector<OutboxEntry>> entries(std::int64_t after, std::size_t limit) = 0;

  virtual Result<std::size_t> outbox_size() = 0;

  /// Small named texts: sync state, the device's id, waiting images. Null when unset.
  virtual Result<std::optional<std::string>> setting(std::string_view name) = 0;
  virtual Result<void> set_setting(std::string_view name, std::string_view value) = 0;
  virtual Result<void> drop_setting(std::string_view name) = 0;
};

/// How far a commit has come when write() returns.
enum class Commit : std::uint8_t {
  durable,  ///< On the disk, as far as the storage was opened for it.
  lazy,     ///< It survives the process; power loss may take it, but never without every later commit. For what the
            ///< service will tell again: pages, frames, acknowledgements.
};

/// One database of one schema. Thread-safe: reads run on connections of their own, on the last committed state,
/// and never wait for a writer; writers take turns.
class Storage {
 public:
  virtual ~Storage() = default;

  /// Calls `sink` for each row that satisfies the query, which has passed `check`; it may move values out of the
  /// record, which is reused. Codes: storage_failed, corrupt.
  virtual Result<void> query(const ModelSchema& model, const Query& query,
                             const std::function<void(Record&)>& sink) = 0;
  /// How many rows satisfy the predicate, which has passed `check`. Codes: as query().
  virtual Result<std::size_t> count(const ModelSchema& model, const Predicate& where) = 0;
  /// How the query would find its rows, a line a step, in words of this storage: for people, and for tests of indexes.
  virtual Result<std::vector<std::string>> explain(const ModelSchema& model, const Query& query) = 0;
  /// As query(), with each row's place.
  virtual Result<void> query_placed(const ModelSchema& model, const Query& query,
                                    const std::function<void(Record&, Place)>& sink) = 0;
  virtual Result<Stored> find(const ModelSchema& model, const Key& key) = 0;
  [[nodiscard]] virtual Result<std::size_t> outbox_size() = 0;
  /// Up to `limit` dead letters with id > `after`, oldest first. Codes: storage_failed, corrupt.
  virtual Result<std::vector<DeadLetter>> dead_letters(std::int64_t after, std::size_t limit) = 0;
  virtual Result<Unsettled> unsettled(const ModelSchema& model, const Key& key) = 0;

  /// Runs `body` in one transaction: committed and durable when write() returns success, undone when the body
  /// or the commit fails. An exception that leaves the body undoes it too, and goes on to the caller.
  /// Not re-entrant. The body must not keep the transaction.
  using Body = std::function<Result<void>(Transaction&)>;
  Result<void> write(const Body& body) { return write(Commit::durable, body); }
  virtual Result<void> write(Commit commit, const Body& body) = 0;
  /// Removes rows, tombstones, outbox, dead letters and settings in one transaction; outbox ids go on from where they were.
  virtual Result<void> clear() = 0;

  /// Null when no other process can have this database open.
  [[nodiscard]] virtual Neighbours* neighbours() noexcept { return nullptr; }
};

}  // namespace holdfast::client
