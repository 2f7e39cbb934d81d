// TransactionScope: BEGIN ... COMMIT, or ROLLBACK when the block is left without.
#pragma once

#include <cstdint>

#include "holdfast/result.h"
#include "sqlite/connection.h"

namespace holdfast::sqlite {

enum class Lock : std::uint8_t {
  immediate,  ///< Takes the write lock at once, waiting up to the busy timeout.
  deferred,   ///< A snapshot from the first read on; for readers.
};

/// One transaction at a time on a connection, which must outlive it. Codes: those of Connection.
class TransactionScope {
 public:
  static Result<TransactionScope> begin(Connection& connection, Lock lock = Lock::immediate);
  /// For reads that belong together: a deferred transaction, or nothing in the midst of the one that is open.
  static Result<TransactionScope> snapshot(Connection& connection);
  TransactionScope(TransactionScope&& from) noexcept;
  TransactionScope& operator=(TransactionScope&&) = delete;
  ~TransactionScope();

  /// Commits; when that fails the transaction is rolled back. Afterwards the scope is over.
  Result<void> commit();
  /// Undoes everything; the scope is over.
  void roll_back() noexcept;

 private:
  explicit TransactionScope(Connection* connection) noexcept : connection_(connection) {}

  Connection* connection_;  // Null when the scope is over.
};

}  // namespace holdfast::sqlite
