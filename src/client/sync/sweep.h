// Sweep: which rows leave the device at the end of a base sync of a model that was synced before, or is not kept whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "client/storage/storage.h"
#include "client/sync/reconciler.h"
#include "client/sync/selection.h"

namespace holdfast::sync {

/// The keys of live records that a base sync told of. Two keys may pass for one: then a row stays that could have left.
/// Bound: keys_max; beyond, nothing is known. Not thread-safe.
class SeenKeys {
 public:
  /// Eight bytes each.
  static constexpr std::size_t keys_max = 4'000'000;

  void add(const Key& key);
  /// Every key of the sync was added, no more than there is room for.
  [[nodiscard]] bool is_whole() const noexcept { return hashes_.size() <= keys_max; }
  /// Sorts; to be called before size() and has().
  void seal();
  /// Different keys.
  [[nodiscard]] std::size_t size() const noexcept { return hashes_.size(); }
  [[nodiscard]] bool has(const Key& key) const;

 private:
  std::vector<std::uint64_t> hashes_;
};

/// Evicts in steps of one transaction each: rows that the selection does not keep, and rows that the service did not
/// tell of, which are outside of it there although the device has not heard so, or were deleted too long ago.
/// Rows with unsent edits stay, and what the service has changed lately. Of a model that is kept whole, a row that the
/// service has no more is forgotten with its version: a record of the same key would begin at version 1. Not thread-safe.
class Sweep {
 public:
  /// Rows in one transaction, so that a save never waits long.
  static constexpr std::size_t step_rows = 500;

  struct Plan {
    const ModelSchema& model;
    const Selection& selection;
    const SeenKeys* seen = nullptr;   ///< Sealed. Null: not known what the service told of.
    std::int64_t told_until = 0;      ///< The service's time: what it changed from then on stays, though it was not told of.
  };
  /// Looks for the rows, in the state before the step's transaction. Codes: the storage's.
  static Result<Sweep> find(client::Storage& storage, const Plan& plan);

  Result<void> step(client::Transaction& transaction, const Selection& selection, Applied& applied);
  [[nodiscard]] bool is_done() const noexcept { return next_ == candidates_.size(); }

 private:
  Sweep(const ModelSchema& model, std::int64_t told_until) : model_(&model), told_until_(told_until) {}

  const ModelSchema* model_;
  std::int64_t told_until_;
  /// A row that was looked for; by the step, it may be another.
  struct Candidate {
    Key key;
    bool is_told = true;   ///< By the service, or it is not known: only the selection can take the row away.
  };
  std::vector<Candidate> candidates_;
  std::size_t next_ = 0;
};

}  // namespace holdfast::sync
