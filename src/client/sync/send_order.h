// Send order: which entries of the outbox may be under way together.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "client/storage/storage.h"

namespace holdfast::sync {

/// Is shown the outbox from its head and says of each entry whether it may leave before the earlier ones have been
/// acknowledged. It may not when an earlier entry is of the same record (invariant 3), when it points to a parent
/// whose creation is earlier, or when it removes a record of a model whose children's removals are earlier.
/// The head of the outbox may always leave. Not thread-safe.
class SendOrder {
 public:
  explicit SendOrder(const Schema& schema) : schema_(schema) {}

  [[nodiscard]] bool admits(const client::OutboxEntry& entry);
  /// The models of which it was shown removals.
  [[nodiscard]] const std::set<const ModelSchema*>& removed() const noexcept { return removed_; }

 private:
  using Name = std::pair<const ModelSchema*, std::string>;

  const Schema& schema_;
  std::set<Name> seen_;
  std::set<Name> created_;
  std::set<const ModelSchema*> removed_;
};

/// The same rules far behind the head, in memory that does not grow with the outbox: what is earlier is asked of the storage.
/// Not thread-safe.
class FarSendOrder {
 public:
  /// Begins behind what `near` was shown.
  FarSendOrder(const Schema& schema, const SendOrder& near) : schema_(schema), removed_(near.removed()) {}

  /// Codes: the storage's.
  Result<bool> admits(client::Transaction& transaction, const client::OutboxEntry& entry) const;
  /// To be shown every entry, after admits().
  void pass(const client::OutboxEntry& entry);

 private:
  const Schema& schema_;
  std::set<const ModelSchema*> removed_;
};

}  // namespace holdfast::sync
