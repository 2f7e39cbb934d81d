// Settling conflicts: updates and deletes that meet another version than they were made
// on (spec/conflict.md section 4).
#pragma once

#include "server/resolve/conflict_handler.h"
#include "server/resolve/settlement.h"

namespace holdfast::server {

/// One a mutation: to be asked again when the record has moved on before the settlement was written. `asked` and
/// `writing` outlive it. Not thread-safe. Codes: those of Store.
class ConflictSettling {
 public:
  ConflictSettling(const Asked& asked, const Writing& writing);

  /// Of an update, whose stored record may be a tombstone, and of a delete.
  Result<Settlement> update(const Image& stored);
  Result<Settlement> remove(const Image& stored);

 private:
  [[nodiscard]] Result<std::optional<Record>> base() const;
  Result<Settlement> begun(const Image& stored) const;
  void hear(ConflictHandler::Said said, Settlement& settlement) const;

  const Asked& asked_;
  const Writing& writing_;
  const ConflictRule rule_;
  ConflictHandler handler_;
};

}  // namespace holdfast::server
