#include "sqlite/transaction_scope.h"

#include <utility>

namespace holdfast::sqlite {
namespace {

Result<void> run_cached(Connection& connection, std::string_view sql) {
  HOLDFAST_TRY(statement, connection.cached(sql));
  return statement->run();
}

}  // namespace

Result<TransactionScope> TransactionScope::begin(Connection& connection, Lock lock) {
  auto begun = run_cached(connection, lock == Lock::immediate ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED");
  if (!begun) return std::move(begun).error();
  return TransactionScope(&connection);
}

Result<TransactionScope> TransactionScope::snapshot(Connection& connection) {
  if (connection.is_in_transaction()) return TransactionScope(nullptr);
  return begin(connection, Lock::deferred);
}

TransactionScope::TransactionScope(TransactionScope&& from) noexcept
    : connection_(std::exchange(from.connection_, nullptr)) {}

TransactionScope::~TransactionScope() { roll_back(); }

Result<void> TransactionScope::commit() {
  HOLDFAST_ASSERT(connection_, "a transaction ends once");
  auto committed = run_cached(*connection_, "COMMIT");
  if (committed) {
    connection_ = nullptr;
  } else {
    roll_back();
  }
  return committed;
}

void TransactionScope::roll_back() noexcept {
  if (!connection_) return;
  // After a full disk or an I/O error SQLite may have rolled back by itself.
  if (connection_->is_in_transaction()) {
    run_cached(*connection_, "ROLLBACK").ignore("the next BEGIN on this connection reports what is wrong with it");
  }
  connection_ = nullptr;
}

}  // namespace holdfast::sqlite
