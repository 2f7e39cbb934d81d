// Store: the backend's records, their versions and the change log. A port: SQLite and memory implement it, under
// one contract test; DynamoDB and PostgreSQL can: no transaction spans more than one record and its log row.
//
// Invariant 4: every accepted write is in the change log exactly once, in the same atomic step as the record.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "holdfast/predicate.h"
#include "holdfast/record.h"
#include "server/store/images.h"
#include "server/store/index.h"
#include "server/store/journal.h"

namespace holdfast::server {

/// An accepted write. `sequence` orders all writes of the store: greater is later.
struct ChangeEntry {
  std::int64_t sequence = 0;
  Image image;
  bool is_new = false;  ///< The record did not exist, or was a tombstone.
  std::uint64_t request = 0;  ///< As the put said; it is not kept.
};

/// A write to be made if the record is still as it was read.
struct ConditionalPut {
  Record record;
  std::int64_t expected_version = 0;  ///< 0: the key must be unknown. Otherwise row or tombstone must have it.
  bool is_deleted = false;
  std::string mutation_id = {};  ///< Unique name of the mutation, when the client gave one; else empty.
  std::uint64_t request = 0;     ///< For the commit listener: whose write it is, if anybody wants to know.
};

/// What became of a ConditionalPut.
struct PutOutcome {
  enum class Kind : std::uint8_t { written, changed_meanwhile, repeated };
  Kind kind = Kind::written;
  Image image;  ///< written: the new image. changed_meanwhile: what stands there now (version 0: nothing).
                ///< repeated: the current image of the record that this mutation id has written before.
};

/// One page of a read in order of the log or of the key. `next` is where to go on; empty at the end.
struct ImagePage {
  Images images;
  std::string next;
};

/// Thread-safe. Codes of all: storage_failed, disk_full, corrupt, closed; of reads also timed_out: see ReadDeadline.
class Store : public ConflictJournal {
 public:
  /// Rows that list() and read_index() look at for one page at most, whatever a predicate leaves of them: a request
  /// ends in bounded time.
  static constexpr std::uint32_t looked_at_max = 1'000;

  /// Null when the key was never written. Tombstones are returned.
  virtual Result<std::optional<Image>> get(const ModelSchema& model, const Key& key) = 0;
  /// The images of several keys, parallel to `keys`.
  virtual Result<std::vector<std::optional<Image>>> get_all(const ModelSchema& model, const std::vector<Key>& keys) = 0;
  /// The record as it was at `version`, while the log still has it: see trim().
  virtual Result<std::optional<Image>> image_at(const ModelSchema& model, const Key& key, std::int64_t version) = 0;
  /// Whether this mutation id has been written before, and the current image of the record it wrote; while the log
  /// still has the row.
  virtual Result<std::optional<Image>> find_mutation(std::string_view mutation_id) = 0;

  /// Record with version + 1, metadata and log row in one atomic, durable step. `_lastChangedAt` is the store's
  /// clock, and strictly greater than that of every earlier write of the store. The commit listener hears of it
  /// before the call returns, in sequence order across threads.
  virtual Result<PutOutcome> put(const ConditionalPut& put) = 0;

  /// Runs the works one after the other on this thread. Kinds that can make of all that they read and put one atomic,
  /// durable step, so that many wait for the disk once: a work reads what those before it have put, listeners and
  /// other threads learn of it before the call returns, and nobody may be told of it earlier. The results are parallel
  /// to the works: after an Error nothing of what that work put is kept, and those of the others is; a work that was
  /// taken back for another's sake has run again. Works are quick, and do not put together in their turn.
  using Works = std::span<const std::function<void()>>;
  virtual std::vector<Result<void>> put_together(Works works) {
    for (const auto& work : works) work();
    return std::vector<Result<void>>(works.size());
  }

  /// Current records that satisfy `where`, in order of first writing; with them, when asked for, every tombstone,
  /// whatever `where` says. `after` is a previous page's `next`; anything else is invalid_argument. At most `limit`
  /// images (0 counts as 1); may be fewer and still have a `next`.
  struct ListOptions {
    Predicate where = {};
    bool with_tombstones = false;
    std::uint32_t limit = 100;
    std::string after = {};
  };
  virtual Result<ImagePage> list(const ModelSchema& model, const ListOptions& options) = 0;

  /// What to read of an index. `fields` is one of indexes_of(model). Of a page's `limit` images (0 counts as 1) each
  /// live one satisfies `where`, which tombstones pass; may be fewer and still have a `next`.
  struct IndexOptions {
    IndexFields fields = {};
    IndexRange range = {};  ///< On the fields after the partition.
    Predicate where = {};
    bool with_tombstones = false;
    std::uint32_t limit = 100;
  };
  /// The records with these values in the first fields of the index: one or more fields, as many for all partitions of
  /// a read. `after` is `next` of the previous page of the same partition and options; anything else is
  /// invalid_argument.
  struct Partition {
    std::vector<Value> values = {};
    std::string after = {};
  };
  /// A page for each partition, parallel to `partitions`, all of one moment; costs what is looked at, not the model.
  virtual Result<std::vector<ImagePage>> read_index(const ModelSchema& model, const IndexOptions& options,
                                                    const std::vector<Partition>& partitions) = 0;

  /// The latest image of every record changed at or after `since`, in order of its last change. `after` as above.
  virtual Result<ImagePage> changed_since(const ModelSchema& model, Instant since, std::uint32_t limit,
                                          std::string_view after) = 0;
  /// A time t such that every write that is not yet visible to reads will have _lastChangedAt >= t: what a sync
  /// query gives as `startedAt`.
  virtual Result<Instant> read_horizon() = 0;

  /// Forgets of these models, oldest first: log rows of versions superseded before `changes_before`, with their mutation
  /// ids; then tombstones older than `tombstones_before`, with all of their log rows. Never the newest write of the store,
  /// nor the log row of a standing version, which is Automerge's ancestor once it is superseded. Looks at `rows_max` rows
  /// of the log at most, or at as many tombstones of a model; gives whether there may be more to forget. Models that
  /// remember for equally long are best given together: the log is walked once for all of them.
  struct TrimOptions {
    Instant changes_before{};
    Instant tombstones_before{};  ///< No later than changes_before.
    std::uint32_t rows_max = 200;
  };
  virtual Result<bool> trim(const std::vector<const ModelSchema*>& models, const TrimOptions& options) = 0;

  /// Called once a write, in sequence order, by a thread inside put() (not always the one whose write it is). Set
  /// before the first put; must be quick and must not call the store.
  virtual void on_commit(std::function<void(const ChangeEntry&)> listener) = 0;

  /// Small named texts of the server: its API key, its token secret.
  virtual Result<std::optional<std::string>> setting(std::string_view name) = 0;
  virtual Result<void> set_setting(std::string_view name, std::string_view value) = 0;

  /// Writes everything, as it is at one moment of the call, to a new file that a store of the same kind opens; reads
  /// and writes go on meanwhile. The file appears when it is whole and durable. Codes also: invalid_argument when
  /// `path` exists; unsupported by a kind that has no file.
  virtual Result<void> backup(const std::string& path) = 0;
};

}  // namespace holdfast::server
