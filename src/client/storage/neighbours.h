// Neighbours: other processes that have the same database open.
#pragma once

#include <vector>

#include "holdfast/observe.h"
#include "holdfast/result.h"

namespace holdfast::client {

/// What others have committed.
struct News {
  bool is_cleared = false;             ///< First, every row and unsent change was removed.
  bool is_incomplete = false;          ///< Too much to be told change by change: any row may be another now.
  std::vector<RecordChange> changes = {};  ///< One a record, from the row before to the row now, in order of the last.

  [[nodiscard]] bool is_empty() const noexcept { return !is_cleared && !is_incomplete && changes.empty(); }
};

/// A part of a storage that more than one process can open. Changes of others are noticed by the storage's own writes,
/// at the state that they build on, and by look(). Thread-safe; the callers of look() and take_news() see to it that
/// what they learn stays in order with their own writes.
class Neighbours {
 public:
  virtual ~Neighbours() = default;

  /// Whether somebody else has committed since the last look or write. Never waits for a writer of this process, who
  /// looks for himself.
  virtual bool has_moved() = 0;
  /// Reads what others have committed. Codes: storage_failed, corrupt.
  virtual Result<void> look() = 0;
  /// What look() and writes have noticed since the last call.
  virtual News take_news() = 0;

  /// Tries to become the one process that syncs; true when it is. Kept until end_turn() or the end of the process,
  /// however it ends.
  virtual bool try_turn() = 0;
  virtual void end_turn() = 0;
};

}  // namespace holdfast::client
