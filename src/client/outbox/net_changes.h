// What a transaction comes to for the observers, who never see a state that was not committed.
#pragma once

#include <vector>

#include "client/outbox/local_write.h"

namespace holdfast::outbox {

/// At most one change a record, from the row before the transaction to the row after it; none when they are equal.
/// In order of the writes: an insertion or update stands where the record was first written, so parents stay before
/// the children they were saved for; a removal, and what follows it, where it happened, so children stay before the
/// parent they went with. The record of a removal is the row as it was before the transaction.
[[nodiscard]] std::vector<RecordChange> net_changes(Written written);

}  // namespace holdfast::outbox
