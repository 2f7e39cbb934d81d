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

 private:
  using Name = std::pair<const ModelSchema*, std::string>;

  [[nodiscard]] bool waits_for_parent(const client::OutboxEntry& entry) const;
  [[nodiscard]] bool waits_for_children(const client::OutboxEntry& entry) const;

  const Schema& schema_;
  std::set<Name> seen_;
  std::set<Name> created_;
  std::set<const ModelSchema*> removed_;
};

}  // namespace holdfast::sync
