// WriteGroup: the puts that share the transaction which is open on a store's writer.
#pragma once

#include <optional>
#include <vector>

#include "base/clock.h"
#include "server/store/journal.h"
#include "server/store/sqlite/apply_put.h"

namespace holdfast::server {

/// What the puts of a group stand on, besides the newest write before them.
struct GroupGround {
  sqlite::Connection& writer;
  PutGround put;
  Clock& clock;
  Instant horizon{};  ///< No put is stamped before it.
};

/// While it lives, `of` finds it on the thread that made it. Not thread-safe.
class WriteGroup {
 public:
  /// `store` tells stores apart.
  WriteGroup(const Store& store, GroupGround ground, Stamp last);
  ~WriteGroup();
  WriteGroup(const WriteGroup&) = delete;
  WriteGroup& operator=(const WriteGroup&) = delete;

  /// The group that this thread runs for `store`; null when there is none.
  static WriteGroup* of(const Store& store) noexcept;

  /// As Store::get; what it finds, the next put need not look for.
  Result<std::optional<Image>> get(const ModelSchema& model, const Key& key);
  /// After an Error the transaction is to be rolled back, and further puts give the same.
  Result<PutOutcome> put(const ConditionalPut& put);
  [[nodiscard]] const std::optional<Error>& failure() const noexcept { return failure_; }

  /// What is to follow the commit.
  struct Conflict {
    JournalEntry entry;
    std::int64_t rows_max = 0;
  };
  std::vector<Conflict> conflicts = {};
  std::vector<ChangeEntry> changes = {};
  [[nodiscard]] Stamp last() const noexcept { return last_; }

 private:
  const Store& store_;
  const GroupGround ground_;
  Stamp last_;  ///< Of the newest write, the group's own included.
  std::optional<ReadRecord> last_read_ = {};  ///< What was read since the last put.
  std::optional<Error> failure_ = {};
};

}  // namespace holdfast::server
