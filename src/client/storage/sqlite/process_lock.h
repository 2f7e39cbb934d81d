// ProcessLock: who else has a database open, and which of them syncs.
#pragma once

#include <string>

#include "holdfast/result.h"
#include "holdfast/time.h"

namespace holdfast::client {

/// Locks of the kernel on the file `<database>-lock`, which is empty and stays: they go with whoever holds them, also
/// when it is killed. Two of these in one process count as two processes. Not thread-safe, but for try_turn() and
/// end_turn() beside the others.
class ProcessLock {
 public:
  /// Makes the file, with the permissions of the database's. Codes: storage_failed, disk_full; with path and remedy.
  static Result<ProcessLock> open(const std::string& database);
  ProcessLock(ProcessLock&& from) noexcept;
  ProcessLock& operator=(ProcessLock&&) = delete;
  ~ProcessLock();

  /// Makes and upgrades of the database take turns: waits up to `patience` for the one that is opening it now, looking
  /// every millisecond. Code: storage_failed, with path and remedy; at once when the locks do not work.
  Result<void> begin_opening(Milliseconds patience);
  void end_opening() noexcept;

  /// From here on the others know that this one is there. Code: storage_failed.
  Result<void> enter();
  [[nodiscard]] bool has_others() const noexcept;

  /// True when the turn to sync is this one's.
  bool try_turn() noexcept;
  void end_turn() noexcept;

 private:
  ProcessLock(int file, std::string path) noexcept : file_(file), path_(std::move(path)) {}
  [[nodiscard]] Error failure() const;

  int file_;  // -1: moved from.
  std::string path_;
};

}  // namespace holdfast::client
